/** The ZooKeeper ensemble that holds everything this service knows. */
@NullMarked
package io.switchboard.config.ensemble;

import org.jspecify.annotations.NullMarked;
