/** How a task is started and how it is asked to finish its calls. */
@NullMarked
package io.switchboard.scheduling.task;

import org.jspecify.annotations.NullMarked;
