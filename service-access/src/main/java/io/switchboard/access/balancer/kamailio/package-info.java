/** SIP over UDP, which HAProxy can't carry: the dispatcher of one Kamailio, driven at run time. */
@NullMarked
package io.switchboard.access.balancer.kamailio;

import org.jspecify.annotations.NullMarked;
