/** Deletes what nobody needs any more, and keeps what a late repetition would need. */
@NullMarked
package io.switchboard.request.retention;

import org.jspecify.annotations.NullMarked;
