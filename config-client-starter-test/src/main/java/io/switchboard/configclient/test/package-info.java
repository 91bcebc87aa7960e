/** For tests of applications that follow configuration. */
@NullMarked
package io.switchboard.configclient.test;

import org.jspecify.annotations.NullMarked;
