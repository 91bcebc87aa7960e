/** Measured consumption of tasks: kept as seconds, then minutes, then quantiles. */
@NullMarked
package io.switchboard.scheduling.sample;

import org.jspecify.annotations.NullMarked;
