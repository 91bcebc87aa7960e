/** Signing in and out, and who it is that looks at the pages. */
@NullMarked
package io.switchboard.console.session;

import org.jspecify.annotations.NullMarked;
