package io.switchboard.scheduling.measurement;

import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * A Prometheus that knows what tasks use, for engines that don't measure. The queries' defaults fit cAdvisor beside Mesos
 * agents, told to report that variable of its containers.
 *
 * @param url its address, {@code http://host:9090}; not asked if absent
 * @param label whose value is the task's id
 * @param cpuQuery cores, by that label
 * @param memoryQuery bytes, by that label
 * @param timeLimit for each answer
 * @param credentials that it asks for
 */
@Validated
@ConfigurationProperties("scheduler.measurement.prometheus")
record PrometheusProperties(
        @Nullable URI url,
        @DefaultValue("container_env_mesos_task_id") String label,

        @DefaultValue("sum by (container_env_mesos_task_id) (rate(container_cpu_usage_seconds_total[1m]))")
        String cpuQuery,

        @DefaultValue("sum by (container_env_mesos_task_id) (container_memory_rss)")
        String memoryQuery,

        @DefaultValue("5s") @DurationMin(millis = 100) Duration timeLimit,
        @DefaultValue Credentials credentials) {}
