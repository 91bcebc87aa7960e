/** The services the console shows, called with the token of the person who looks. */
@NullMarked
package io.switchboard.console.remote;

import org.jspecify.annotations.NullMarked;
