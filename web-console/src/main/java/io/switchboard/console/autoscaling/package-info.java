/** Tasks that follow the load of an instance: what is wanted, what the last look said, what was decided. */
@NullMarked
package io.switchboard.console.autoscaling;

import org.jspecify.annotations.NullMarked;
