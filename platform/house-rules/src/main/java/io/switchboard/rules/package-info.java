/** What every module runs its tests by: the rules of its architecture, and how long to wait. */
@NullMarked
package io.switchboard.rules;

import org.jspecify.annotations.NullMarked;
