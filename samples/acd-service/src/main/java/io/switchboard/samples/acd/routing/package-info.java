/** Who gets the next call: values in, an agent out. */
@NullMarked
package io.switchboard.samples.acd.routing;

import org.jspecify.annotations.NullMarked;
