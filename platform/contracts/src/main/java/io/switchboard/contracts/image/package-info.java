/** The private registry, as other services see it. */
@NullMarked
package io.switchboard.contracts.image;

import org.jspecify.annotations.NullMarked;
