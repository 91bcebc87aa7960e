/** Streams changes to whoever watches. */
@NullMarked
package io.switchboard.request.notification;

import org.jspecify.annotations.NullMarked;
