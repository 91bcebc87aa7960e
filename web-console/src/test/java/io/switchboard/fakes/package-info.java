/** The services behind the console, in one small process with their state in memory, and an issuer of tokens. */
@NullMarked
package io.switchboard.fakes;

import org.jspecify.annotations.NullMarked;
