/** Has the number of an instance's tasks follow its load, or says what it would do. */
@NullMarked
package io.switchboard.scheduling.autoscaling;

import org.jspecify.annotations.NullMarked;
