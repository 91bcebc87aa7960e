/** Host names of a tenant's own, by which an instance is called. */
@NullMarked
package io.switchboard.console.domain;

import org.jspecify.annotations.NullMarked;
