package io.switchboard.access.balancer;

import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The part that brings a balancer in line with the registry.
 *
 * @param enabled off where another process or confd drives the balancer
 * @param id by which it is known beside other agents, the same after a restart; host name and HTTP port if empty
 * @param auditEvery how often everything that the balancer does is compared with what it should
 * @param republishEvery how often the state of every route is published again, so that a lost event heals
 * @param behindAfter how long a change may wait until it is said that an agent is behind
 * @param trafficEvery between two looks at what the balancer counts
 * @param historySize on the disk, of what is remembered of who served which address; the oldest half goes when it is full
 */
@Validated
@ConfigurationProperties("access.agent")
record AgentProperties(
        @DefaultValue("true") boolean enabled,

        @DefaultValue("") @Pattern(regexp = "[A-Za-z0-9._:-]{0,100}")
        String id,

        @DefaultValue("10s") Duration auditEvery,
        @DefaultValue("30s") Duration republishEvery,
        @DefaultValue("500ms") Duration behindAfter,
        @DefaultValue("5s") Duration trafficEvery,
        @DefaultValue("32MB") DataSize historySize) {}
