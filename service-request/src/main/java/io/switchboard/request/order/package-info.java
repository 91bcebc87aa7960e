/** Takes orders, follows them to their end, and tells how far they are. */
@NullMarked
package io.switchboard.request.order;

import org.jspecify.annotations.NullMarked;
