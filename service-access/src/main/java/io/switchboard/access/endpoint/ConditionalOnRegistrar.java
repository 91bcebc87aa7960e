package io.switchboard.access.endpoint;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/** Not in a process that is an agent only: what writes into the registry, or needs the scheduler or the broker. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ConditionalOnProperty(name = "access.registrar.enabled", matchIfMissing = true)
public @interface ConditionalOnRegistrar {}
