/** Imports releases into Spring's environment and binds them again when they change. */
@NullMarked
package io.switchboard.configclient.autoconfigure;

import org.jspecify.annotations.NullMarked;
