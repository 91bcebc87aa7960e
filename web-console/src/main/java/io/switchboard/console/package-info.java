/** Tenant portal and ops console; keeps no state of its own. */
@NullMarked
package io.switchboard.console;

import org.jspecify.annotations.NullMarked;
