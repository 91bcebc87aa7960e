/** Files that are read again after a crash. */
@NullMarked
package io.switchboard.access.file;

import org.jspecify.annotations.NullMarked;
