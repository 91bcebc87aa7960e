/** All that the center keeps as one file, and a center made of such a file. */
@NullMarked
package io.switchboard.config.backup;

import org.jspecify.annotations.NullMarked;
