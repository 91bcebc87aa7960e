/** What the scheduler accepts and reports, as other services see it. */
@NullMarked
package io.switchboard.contracts.scheduling;

import org.jspecify.annotations.NullMarked;
