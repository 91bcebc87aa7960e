/** What tenants own, as far as it has come. */
@NullMarked
package io.switchboard.request.instance;

import org.jspecify.annotations.NullMarked;
