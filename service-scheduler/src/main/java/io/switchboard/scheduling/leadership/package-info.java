/** Of several schedulers one leads at a time, in a term whose epoch only grows; whoever led before can change nothing. */
@NullMarked
package io.switchboard.scheduling.leadership;

import org.jspecify.annotations.NullMarked;
