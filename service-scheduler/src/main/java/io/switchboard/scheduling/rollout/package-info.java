/** Moves what runs towards what should, one safe step at a time, without losing a call. */
@NullMarked
package io.switchboard.scheduling.rollout;

import org.jspecify.annotations.NullMarked;
