/** Host names that tenants bring along: whose they are, which DNS says, and where they lead. */
@NullMarked
package io.switchboard.access.domain;

import org.jspecify.annotations.NullMarked;
