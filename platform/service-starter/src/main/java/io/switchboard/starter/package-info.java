/** What all services share at run time; nothing imports it. */
@NullMarked
package io.switchboard.starter;

import org.jspecify.annotations.NullMarked;
