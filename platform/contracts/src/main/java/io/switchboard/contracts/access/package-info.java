/** How instances are reached, as other services see it. */
@NullMarked
package io.switchboard.contracts.access;

import org.jspecify.annotations.NullMarked;
