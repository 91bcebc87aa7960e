/** The servers that production runs elsewhere: database, broker, ZooKeeper, etcd. */
@NullMarked
package io.switchboard.standalone.embedded;

import org.jspecify.annotations.NullMarked;
