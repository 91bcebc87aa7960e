/** Drafts, releases and delivery of configuration. */
@NullMarked
package io.switchboard.config;

import org.jspecify.annotations.NullMarked;
