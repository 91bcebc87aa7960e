/** Brings the traffic of every instance in line with its upstream, and says when it is. */
@NullMarked
package io.switchboard.access.balancer;

import org.jspecify.annotations.NullMarked;
