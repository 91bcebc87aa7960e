/** Makes many small writes durable together. */
@NullMarked
package io.switchboard.request.commit;

import org.jspecify.annotations.NullMarked;
