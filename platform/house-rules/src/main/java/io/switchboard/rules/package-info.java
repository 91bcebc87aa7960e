/** The rules every module's architecture test runs. */
@NullMarked
package io.switchboard.rules;

import org.jspecify.annotations.NullMarked;
