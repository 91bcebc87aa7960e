/** Turns everything that goes wrong with a request into application/problem+json. */
@NullMarked
package io.switchboard.starter.problem;

import org.jspecify.annotations.NullMarked;
