/** What the builds of an application take, and whether a draft fits them. */
@NullMarked
package io.switchboard.config.validation;

import org.jspecify.annotations.NullMarked;
