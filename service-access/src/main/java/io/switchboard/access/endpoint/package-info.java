/** Keeps what the scheduler says about tasks where balancers find it: in etcd, or in memory. */
@NullMarked
package io.switchboard.access.endpoint;

import org.jspecify.annotations.NullMarked;
