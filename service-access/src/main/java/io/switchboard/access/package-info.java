/** Makes instances reachable. */
@NullMarked
package io.switchboard.access;

import org.jspecify.annotations.NullMarked;
