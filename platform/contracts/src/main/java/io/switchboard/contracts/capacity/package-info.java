/** What service-scheduler tells of capacity: plans, consumption models, samples and fits. */
@NullMarked
package io.switchboard.contracts.capacity;

import org.jspecify.annotations.NullMarked;
