/** Images by repository, and versions that mean one digest for good. */
@NullMarked
package io.switchboard.image.repository;

import org.jspecify.annotations.NullMarked;
