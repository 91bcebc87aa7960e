package io.switchboard.configclient;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.annotation.AliasFor;

/**
 * A bean that is made anew once per release, for what can't be changed in place: a pool of a configured size, a client of a
 * configured address. Who it is injected into holds a proxy, which leads to the bean of the release in effect.
 *
 * <p>All such beans are made while a release is taken over, after all settings have their new values, and change over together.
 * One that can't be made refuses the release, and all of them stay. Those before are ended (by {@code close()},
 * {@code @PreDestroy}) as soon as the new ones are in use: a call that is still under way in one must bear that.
 *
 * <p>Spring Cloud's annotation of this name is heeded, too, where Spring Cloud is.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Scope(RefreshScope.NAME)
public @interface RefreshScope {

    /** Of the scope. */
    String NAME = "switchboard-release";

    /** As with {@link Scope}; without a proxy, who has the bean keeps the one that it was given. */
    @AliasFor(annotation = Scope.class)
    ScopedProxyMode proxyMode() default ScopedProxyMode.TARGET_CLASS;
}
