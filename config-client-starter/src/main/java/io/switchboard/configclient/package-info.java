/** Imports configuration and follows it live. */
@NullMarked
package io.switchboard.configclient;

import org.jspecify.annotations.NullMarked;
