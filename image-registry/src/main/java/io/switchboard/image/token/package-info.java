/** Tokens for the registry: who may pull and push what, signed with a key of our own. */
@NullMarked
package io.switchboard.image.token;

import org.jspecify.annotations.NullMarked;
