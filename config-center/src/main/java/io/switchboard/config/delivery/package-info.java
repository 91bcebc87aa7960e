/** Releases over HTTP, for applications that don't reach ZooKeeper or can't speak with it. */
@NullMarked
package io.switchboard.config.delivery;

import org.jspecify.annotations.NullMarked;
