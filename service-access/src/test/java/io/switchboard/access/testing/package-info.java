/** etcd, HAProxy and tasks for tests: the real programs, on free ports. */
@NullMarked
package io.switchboard.access.testing;

import org.jspecify.annotations.NullMarked;
