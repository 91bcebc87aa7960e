/** From an expected load to tasks and their size: values and functions only. */
@NullMarked
package io.switchboard.scheduling.capacity;

import org.jspecify.annotations.NullMarked;
