/** The reader keys of applications: which are valid, who got which, and how another one takes their place. */
@NullMarked
package io.switchboard.config.credential;

import org.jspecify.annotations.NullMarked;
