package io.switchboard.scheduling.measurement;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.switchboard.engine.Usage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Asks the agent of each host that tasks run on for its {@code /monitor/statistics}
 * (mesos.apache.org/documentation/latest/endpoints/slave/monitor/statistics). The executor of a task that Marathon starts has
 * the task's id. CPU comes as seconds since the container began, so nothing is known before the second answer.
 */
final class MesosAgents implements Source {

    private static final Logger log = LoggerFactory.getLogger(MesosAgents.class);

    private static final ParameterizedTypeReference<List<Executor>> EXECUTORS = new ParameterizedTypeReference<>() {};
    /** Kernels count CPU in hundredths of a second: over less than this, that is too coarse. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    /** Over more than this it says nothing of now. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final RestClient http;
    private final String agents;
    private final Clock clock;
    private final Map<String, Host> hosts = new ConcurrentHashMap<>();

    /** @param agents where the agent of a host answers, with {@code {host}} in it */
    MesosAgents(String agents, MesosProperties properties, Clock clock) {
        this.http = properties.credentials().client(properties.timeLimit()).build();
        this.agents = agents;
        this.clock = clock;
    }

    /** As an agent answers, as far as it is needed; what its isolators don't measure is absent. */
    private record Executor(
            @JsonProperty("executor_id") String id,
            @Nullable Statistics statistics) {}

    private record Statistics(
            double timestamp,
            @Nullable @JsonProperty("cpus_user_time_secs") Double userSeconds,
            @Nullable @JsonProperty("cpus_system_time_secs") Double systemSeconds,
            @Nullable @JsonProperty("mem_rss_bytes") Double memoryBytes) {}

    /** @param cpuSeconds since the container began */
    private record Reading(double at, double cpuSeconds, Optional<Usage> usage) {

        static Optional<Reading> of(Statistics now, @Nullable Reading before) {
            if (now.userSeconds == null || now.systemSeconds == null || now.memoryBytes == null) {
                return Optional.empty();
            }
            if (before != null && now.timestamp - before.at < SHORTEST.toMillis() / 1_000.0) {
                return Optional.of(before);
            }
            double cpuSeconds = now.userSeconds + now.systemSeconds;
            // A count that fell is another container's.
            var usage = before == null
                    ? Optional.<Usage>empty()
                    : Source.usage(
                            (cpuSeconds - before.cpuSeconds) / (now.timestamp - before.at),
                            now.memoryBytes,
                            Instant.ofEpochMilli(Math.round(1_000 * now.timestamp)));
            return Optional.of(new Reading(now.timestamp, cpuSeconds, usage));
        }
    }

    /** @param asked by our clock */
    private record Host(Instant asked, Map<String, Reading> readings) {}

    /** Each agent is asked when the first of its tasks is. Two who ask at the same time get the same answer. */
    @Override
    public TaskUsage.Latest latest() {
        var now = clock.instant();
        hosts.values().removeIf(host -> host.asked.isBefore(now.minus(LONGEST)));
        var answers = new ConcurrentHashMap<String, Map<String, Reading>>();
        return task -> {
            if (task.host().isEmpty()) {
                return Optional.empty();
            }
            var known = answers.get(task.host());
            if (known == null) {
                known = ask(task.host(), now);
                answers.put(task.host(), known);
            }
            return Optional.ofNullable(known.get(task.id())).flatMap(Reading::usage);
        };
    }

    private Map<String, Reading> ask(String host, Instant now) {
        try {
            var executors = http.get()
                    .uri(agents + "/monitor/statistics", host)
                    .retrieve()
                    .body(EXECUTORS);
            var all = executors == null ? List.<Executor>of() : executors;
            return hosts.compute(
                            host,
                            (same, before) -> new Host(now, readings(all, before == null ? Map.of() : before.readings)))
                    .readings;
        } catch (RestClientException e) {
            log.warn(
                    "the Mesos agent of {} gives no answer, so its tasks are not measured this time: {}",
                    host,
                    e.getMessage());
            return Map.of();
        }
    }

    private static Map<String, Reading> readings(List<Executor> executors, Map<String, Reading> before) {
        var readings = new HashMap<String, Reading>();
        for (var executor : executors) {
            Optional.ofNullable(executor.statistics)
                    .flatMap(now -> Reading.of(now, before.get(executor.id)))
                    .ifPresent(reading -> readings.put(executor.id, reading));
        }
        return readings;
    }
}
