/** What was learned, for people and for programs: a table, JSON lines, and a page with charts. */
@NullMarked
package io.switchboard.capacity.report;

import org.jspecify.annotations.NullMarked;
