/** Tenants, their users and API keys, and the check of their credentials. */
@NullMarked
package io.switchboard.request.tenant;

import org.jspecify.annotations.NullMarked;
