/** How many tasks a load needs in the next minutes: what is expected, held against what is measured. */
@NullMarked
package io.switchboard.capacity.scaling;

import org.jspecify.annotations.NullMarked;
