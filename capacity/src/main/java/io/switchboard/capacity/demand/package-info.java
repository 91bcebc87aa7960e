/** From what a call center says about itself to the demand on each service type, half-hour by half-hour. */
@NullMarked
package io.switchboard.capacity.demand;

import org.jspecify.annotations.NullMarked;
