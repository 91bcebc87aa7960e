/** Namespaces: their drafts, releases and clients. */
@NullMarked
package io.switchboard.config.namespace;

import org.jspecify.annotations.NullMarked;
