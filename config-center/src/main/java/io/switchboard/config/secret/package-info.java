/** The keys that encrypted items are sealed with, and the sealing itself; what is sealed is namespaces' affair. */
@NullMarked
package io.switchboard.config.secret;

import org.jspecify.annotations.NullMarked;
