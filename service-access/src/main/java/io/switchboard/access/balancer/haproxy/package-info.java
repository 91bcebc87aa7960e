/** Drives HAProxy through its runtime API, and keeps its files equal to what runs. */
@NullMarked
package io.switchboard.access.balancer.haproxy;

import org.jspecify.annotations.NullMarked;
