/** Runs each task as a container of a Docker daemon. */
@NullMarked
package io.switchboard.engine.docker;

import org.jspecify.annotations.NullMarked;
