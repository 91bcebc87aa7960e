/** The contract every engine keeps, as tests. */
@NullMarked
package io.switchboard.engine.testkit;

import org.jspecify.annotations.NullMarked;
