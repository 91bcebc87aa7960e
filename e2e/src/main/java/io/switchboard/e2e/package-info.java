/** Journeys across services, over HTTP only, as a tenant and an operator make them. */
@NullMarked
package io.switchboard.e2e;

import org.jspecify.annotations.NullMarked;
