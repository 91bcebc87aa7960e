/** Turns orders into running tasks and keeps them so. */
@NullMarked
package io.switchboard.scheduling;

import org.jspecify.annotations.NullMarked;
