/** How every service says that something went wrong, and whose turn it is. */
@NullMarked
package io.switchboard.contracts.problem;

import org.jspecify.annotations.NullMarked;
