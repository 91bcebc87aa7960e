/** From an order to tasks and their size, with the consumption models in force and on the nodes there are. */
@NullMarked
package io.switchboard.scheduling.capacity;

import org.jspecify.annotations.NullMarked;
