/** Configuration as files: {@code ./switchboard config}. */
@NullMarked
package io.switchboard.configfiles;

import org.jspecify.annotations.NullMarked;
