/** The ops console: every tenant's orders and deployments. */
@NullMarked
package io.switchboard.console.operations;

import org.jspecify.annotations.NullMarked;
