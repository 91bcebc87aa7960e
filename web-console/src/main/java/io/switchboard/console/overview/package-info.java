/** The tenant's first page: its instances at a glance. */
@NullMarked
package io.switchboard.console.overview;

import org.jspecify.annotations.NullMarked;
