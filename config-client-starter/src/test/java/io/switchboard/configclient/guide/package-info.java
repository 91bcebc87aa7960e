/** The code of docs/how-to/follow-configuration-live.md. */
@NullMarked
package io.switchboard.configclient.guide;

import org.jspecify.annotations.NullMarked;
