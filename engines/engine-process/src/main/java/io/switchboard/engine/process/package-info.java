/** Runs each task as a child process of this machine, for development, demo and tests. */
@NullMarked
package io.switchboard.engine.process;

import org.jspecify.annotations.NullMarked;
