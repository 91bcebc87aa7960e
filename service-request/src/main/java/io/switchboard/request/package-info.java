/** Takes orders and sees them through. */
@NullMarked
package io.switchboard.request;

import org.jspecify.annotations.NullMarked;
