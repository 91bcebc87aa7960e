/** The Marathon engine: workloads are apps, kept by Marathon itself; this adapter asks, looks and tells. */
@NullMarked
package io.switchboard.engine.marathon;

import org.jspecify.annotations.NullMarked;
