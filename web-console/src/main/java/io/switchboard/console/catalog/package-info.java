/** What can be ordered. */
@NullMarked
package io.switchboard.console.catalog;

import org.jspecify.annotations.NullMarked;
