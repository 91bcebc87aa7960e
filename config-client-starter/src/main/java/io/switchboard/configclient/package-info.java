/** What an application that follows its configuration live works with. */
@NullMarked
package io.switchboard.configclient;

import org.jspecify.annotations.NullMarked;
