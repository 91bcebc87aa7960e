/**
 * Calls over TCP: a connection that is held is a call, from {@code CALL} to its end.
 *
 * <p>Lines of printable ASCII, at most {@value io.switchboard.samples.acd.line.LineReader#LONGEST} bytes, ended by LF or
 * CR LF.
 *
 * <pre>
 * the caller says             the service answers
 * CALL caller [skill]         CALL id task            the call is taken; it counts as active until its end
 *                             REFUSED code text       it isn't, and the service closes: DRAINING, QUEUE_FULL,
 *                                                     TOO_MANY_CONNECTIONS, INTERNAL_ERROR
 * PING                        PONG state              QUEUED, RINGING or TALKING
 * PONG                                                answers the service's PING
 * BYE                         BYE outcome             COMPLETED or ABANDONED; the service closes
 * anything else               ERROR code text         LINE_INVALID, LINE_TOO_LONG, NO_CALL; the service closes
 * </pre>
 *
 * <p>Unasked, the service says {@code PING} when it has heard nothing for {@code calls.heartbeat}, and {@code BYE outcome}
 * when the call ended otherwise, for example {@code BYE TIMED_OUT}: at once if the caller speaks, else with the next
 * heartbeat. A connection that breaks, or is silent for {@code calls.idle-limit}, is a caller who hung up.
 *
 * <p>A task that drains refuses new calls and goes on with those it has.
 */
@NullMarked
package io.switchboard.samples.acd.line;

import org.jspecify.annotations.NullMarked;
