/** Many small pieces of work done together, because a transaction costs much the same for one as for many. */
@NullMarked
package io.switchboard.batching;

import org.jspecify.annotations.NullMarked;
