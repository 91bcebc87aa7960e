/** The authorization server of the embedded default; in production any OIDC issuer takes its place. */
@NullMarked
package io.switchboard.standalone.identity;

import org.jspecify.annotations.NullMarked;
