package io.switchboard.configclient;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Calls a method of a bean after a release gave a setting another value: once per release, when all of it is in effect.
 *
 * <pre>{@code
 * @OnConfigurationChange("routing.max-wait")
 * void patienceChanged(Change<Duration> change) { ... }
 *
 * @OnConfigurationChange("routing")
 * void routingChanged(Change<RoutingProperties> change) { ... }
 * }</pre>
 *
 * <p>The type in {@code Change} is anything that can be bound, as with {@code @ConfigurationProperties}. A release whose
 * values can't be bound to it, or are not valid, is refused. The parameter may be left out. Methods run one after the
 * other on the thread that takes releases over; until they return, the next release waits. A method that fails is
 * logged and changes nothing.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnConfigurationChange {

    /** A key, or the prefix of several, in the canonical form: {@code routing.max-wait}. */
    String value();
}
