/** Manages a private image registry. */
@NullMarked
package io.switchboard.image;

import org.jspecify.annotations.NullMarked;
