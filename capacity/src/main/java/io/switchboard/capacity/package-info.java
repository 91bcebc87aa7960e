/** From agents and calls to cores and memory: traffic engineering, fitted consumption models, and plans. */
@NullMarked
package io.switchboard.capacity;

import org.jspecify.annotations.NullMarked;
