/** Measures running tasks: what they use, and the load that they report. */
@NullMarked
package io.switchboard.scheduling.measurement;

import org.jspecify.annotations.NullMarked;
