/** Server-sent event streams that a service holds open, from their admission to their end. */
@NullMarked
package io.switchboard.streams;

import org.jspecify.annotations.NullMarked;
