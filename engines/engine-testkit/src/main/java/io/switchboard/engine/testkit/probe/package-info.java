/** The program that contract runs start as a task. */
@NullMarked
package io.switchboard.engine.testkit.probe;

import org.jspecify.annotations.NullMarked;
