/** What every page stands in: its frame, its preferences, and what it shows when something went wrong. */
@NullMarked
package io.switchboard.console.page;

import org.jspecify.annotations.NullMarked;
