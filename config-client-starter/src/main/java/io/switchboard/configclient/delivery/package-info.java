/** How releases reach this process: the reader's side of the config center, the last good file, and the follower. */
@NullMarked
package io.switchboard.configclient.delivery;

import org.jspecify.annotations.NullMarked;
