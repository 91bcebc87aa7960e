/** Who is calling, and how a credential is checked. */
@NullMarked
package io.switchboard.contracts.identity;

import org.jspecify.annotations.NullMarked;
