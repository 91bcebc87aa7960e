/** From measured seconds to consumption models: what a load costs, how sure that is, and where quality breaks. */
@NullMarked
package io.switchboard.capacity.model;

import org.jspecify.annotations.NullMarked;
