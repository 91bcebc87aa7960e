/** Ports for the servers that tests and benchmarks start. */
@NullMarked
package io.switchboard.ports;

import org.jspecify.annotations.NullMarked;
