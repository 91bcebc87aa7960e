/** The machines that run tasks, and emptying one of them for maintenance. */
@NullMarked
package io.switchboard.scheduling.node;

import org.jspecify.annotations.NullMarked;
