/** The floor of a call center: agents, their calls, and the queues between them; all in the memory of one task. */
@NullMarked
package io.switchboard.samples.acd.floor;

import org.jspecify.annotations.NullMarked;
