/** What the scheduler needs from whatever actually runs tasks. */
@NullMarked
package io.switchboard.engine;

import org.jspecify.annotations.NullMarked;
