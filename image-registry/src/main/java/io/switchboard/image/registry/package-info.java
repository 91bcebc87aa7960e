/** The registry itself: the process that we keep running or the one somebody gave us, its API, and its events. */
@NullMarked
package io.switchboard.image.registry;

import org.jspecify.annotations.NullMarked;
