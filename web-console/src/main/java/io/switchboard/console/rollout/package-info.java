/** How an instance gets from one revision to another, and a hand on it. */
@NullMarked
package io.switchboard.console.rollout;

import org.jspecify.annotations.NullMarked;
