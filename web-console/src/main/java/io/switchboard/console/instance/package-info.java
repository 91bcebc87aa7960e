/** One instance: where it answers, what it runs on, and what can be done with it. */
@NullMarked
package io.switchboard.console.instance;

import org.jspecify.annotations.NullMarked;
