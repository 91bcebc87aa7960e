/** What should run for each service instance, as its orders said, and what was told about it. */
@NullMarked
package io.switchboard.scheduling.deployment;

import org.jspecify.annotations.NullMarked;
