/** The config center, as other services see it. */
@NullMarked
package io.switchboard.contracts.config;

import org.jspecify.annotations.NullMarked;
