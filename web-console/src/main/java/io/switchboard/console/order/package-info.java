/** Placing an order and watching it being carried out. */
@NullMarked
package io.switchboard.console.order;

import org.jspecify.annotations.NullMarked;
