/** What is done again and again. */
@NullMarked
package io.switchboard.scheduling.rounds;

import org.jspecify.annotations.NullMarked;
