/** Wire types of the config center. */
@NullMarked
package io.switchboard.configprotocol;

import org.jspecify.annotations.NullMarked;
