/** Releases beyond those that ZooKeeper keeps, in a database. */
@NullMarked
package io.switchboard.config.history;

import org.jspecify.annotations.NullMarked;
