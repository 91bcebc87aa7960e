/** The configuration of one instance: draft, difference, release. */
@NullMarked
package io.switchboard.console.config;

import org.jspecify.annotations.NullMarked;
