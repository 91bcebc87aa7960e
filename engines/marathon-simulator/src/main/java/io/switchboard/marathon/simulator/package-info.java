/** Marathon 1.10 as its recorded answers show it, over a simulated Mesos, on a clock that tests move. */
@NullMarked
package io.switchboard.marathon.simulator;

import org.jspecify.annotations.NullMarked;
