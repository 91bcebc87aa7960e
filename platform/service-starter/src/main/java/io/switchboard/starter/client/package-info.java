/** Calls to other services: who we say we are, and what stays on our side. */
@NullMarked
package io.switchboard.starter.client;

import org.jspecify.annotations.NullMarked;
