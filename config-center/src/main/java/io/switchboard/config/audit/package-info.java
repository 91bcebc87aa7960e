/** Who changed what, as entries that begin before their effect. */
@NullMarked
package io.switchboard.config.audit;

import org.jspecify.annotations.NullMarked;
