/** Who may call what, decided before a controller sees the request. */
@NullMarked
package io.switchboard.starter.security;

import org.jspecify.annotations.NullMarked;
