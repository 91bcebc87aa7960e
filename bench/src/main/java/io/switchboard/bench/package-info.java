/** The measured claims: one class per claim. */
@NullMarked
package io.switchboard.bench;

import org.jspecify.annotations.NullMarked;
