package io.switchboard.access.balancer;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The part that brings a balancer in line with the registry.
 *
 * @param enabled off where another process or confd drives the balancer
 * @param auditEvery how often everything that the balancer does is compared with what it should
 * @param republishEvery how often the state of every route is published again, so that a lost event heals
 */
@ConfigurationProperties("access.agent")
record AgentProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("10s") Duration auditEvery,
        @DefaultValue("30s") Duration republishEvery) {}
