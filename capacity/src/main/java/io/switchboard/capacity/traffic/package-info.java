/** Classical teletraffic formulas: how many agents or lines a traffic needs, and what callers then meet. */
@NullMarked
package io.switchboard.capacity.traffic;

import org.jspecify.annotations.NullMarked;
