/** What can be ordered, and which image each service type runs. */
@NullMarked
package io.switchboard.request.catalog;

import org.jspecify.annotations.NullMarked;
