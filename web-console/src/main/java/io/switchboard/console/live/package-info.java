/** Event streams of services, passed on to browsers. */
@NullMarked
package io.switchboard.console.live;

import org.jspecify.annotations.NullMarked;
