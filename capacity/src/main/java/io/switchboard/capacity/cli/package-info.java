/** The command line. */
@NullMarked
package io.switchboard.capacity.cli;

import org.jspecify.annotations.NullMarked;
