/** From demand and models to tasks: how many, how large, on which nodes, and why. */
@NullMarked
package io.switchboard.capacity.plan;

import org.jspecify.annotations.NullMarked;
