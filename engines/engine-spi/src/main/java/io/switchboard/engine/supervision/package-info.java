/** Watches over tasks for engines whose machines only start and stop them: how many, restarts, health, stopping. */
@NullMarked
package io.switchboard.engine.supervision;

import org.jspecify.annotations.NullMarked;
