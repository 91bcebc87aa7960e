/** Messages stored in the transaction that causes them and sent to the broker after it. */
@NullMarked
package io.switchboard.outbox;

import org.jspecify.annotations.NullMarked;
