/** Takes messages off the broker in batches, one transaction each. */
@NullMarked
package io.switchboard.scheduling.inbox;

import org.jspecify.annotations.NullMarked;
