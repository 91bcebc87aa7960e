/** Sends clients to the tasks themselves, where there is no balancer. */
@NullMarked
package io.switchboard.access.balancer.direct;

import org.jspecify.annotations.NullMarked;
