/** Who may do what in ZooKeeper: the center everywhere, an application's readers below its own node. */
@NullMarked
package io.switchboard.config.access;

import org.jspecify.annotations.NullMarked;
