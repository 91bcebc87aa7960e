/** What tenants order, and what the request service reports about it. */
@NullMarked
package io.switchboard.contracts.ordering;

import org.jspecify.annotations.NullMarked;
