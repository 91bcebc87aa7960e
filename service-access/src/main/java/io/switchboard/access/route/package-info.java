/** Which public host or port leads to which instance, as values and functions. */
@NullMarked
package io.switchboard.access.route;

import org.jspecify.annotations.NullMarked;
