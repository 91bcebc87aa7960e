/** Every service in one JVM, with embedded ZooKeeper, broker and database. */
@NullMarked
package io.switchboard.standalone;

import org.jspecify.annotations.NullMarked;
