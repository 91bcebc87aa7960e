package io.switchboard.access.endpoint;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The part that writes down what the scheduler and tenants say.
 *
 * @param enabled off beside an HAProxy on a machine of its own: the process needs nothing but etcd then, and only reads there, but for
 *     its agent's reports
 */
@ConfigurationProperties("access.registrar")
record RegistrarProperties(@DefaultValue("true") boolean enabled) {}
