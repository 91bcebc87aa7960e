/** A small automatic call distributor. */
@NullMarked
package io.switchboard.samples.acd;

import org.jspecify.annotations.NullMarked;
