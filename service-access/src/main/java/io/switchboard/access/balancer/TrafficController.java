package io.switchboard.access.balancer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.switchboard.access.balancer.Counted.Counter;
import io.switchboard.access.balancer.Tally.Figures;
import io.switchboard.access.route.Visibility;
import io.switchboard.contracts.access.TrafficApi;
import io.switchboard.contracts.identity.Caller;
import java.lang.ref.Reference;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class TrafficController implements TrafficApi {

    private final Optional<Traffic> traffic;

    /** Without an agent, nothing is counted here. */
    TrafficController(Optional<Traffic> traffic) {
        this.traffic = traffic;
    }

    @Override
    public List<TrafficView> traffic(@Nullable UUID instanceId, @Nullable Caller caller) {
        return visible(caller).stream()
                .filter(figures ->
                        instanceId == null || figures.upstream().instanceId().equals(instanceId))
                .map(TrafficController::view)
                .toList();
    }

    private List<Figures> visible(@Nullable Caller caller) {
        return traffic.map(Traffic::figures).orElse(List.of()).stream()
                .filter(figures -> Visibility.of(figures.upstream(), caller))
                .sorted(Comparator.comparing(
                                (Figures figures) -> figures.upstream().tenant())
                        .thenComparing(figures -> figures.upstream().instanceName())
                        .thenComparing(Figures::place))
                .toList();
    }

    private static TrafficView view(Figures figures) {
        return new TrafficView(
                figures.upstream().instanceId(),
                figures.upstream().tenant(),
                figures.upstream().instanceName(),
                figures.port(),
                figures.place(),
                figures.since(),
                figures.total(Counter.SESSIONS),
                figures.current(),
                figures.perSecond(Counter.SESSIONS),
                figures.total(Counter.ANSWERS_2XX),
                figures.total(Counter.ANSWERS_3XX),
                figures.total(Counter.ANSWERS_4XX),
                figures.total(Counter.ANSWERS_5XX),
                figures.total(Counter.FAILED_CONNECTIONS),
                figures.total(Counter.FAILED_ANSWERS),
                failuresPerSecond(figures),
                figures.total(Counter.RETRIES),
                figures.total(Counter.BYTES_IN),
                figures.total(Counter.BYTES_OUT),
                figures.latencyMillis());
    }

    /** What a caller notices: HAProxy's own 5xx for failures are counted as answers, too. */
    private static double failuresPerSecond(Figures figures) {
        return Math.max(
                figures.perSecond(Counter.ANSWERS_5XX),
                figures.perSecond(Counter.FAILED_CONNECTIONS) + figures.perSecond(Counter.FAILED_ANSWERS));
    }

    /** A registry for each scrape: it holds what the caller may see and nothing else, and forgets routes that are gone. */
    @Override
    public String metrics(@Nullable Caller caller) {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var all = visible(caller);
        try {
            all.forEach(figures -> meter(figures, registry));
            return registry.scrape();
        } finally {
            // Meters hold them weakly.
            Reference.reachabilityFence(all);
            registry.close();
        }
    }

    private static void meter(Figures figures, PrometheusMeterRegistry registry) {
        var tags = Tags.of(
                "tenant", figures.upstream().tenant(),
                "instance_name", figures.upstream().instanceName(),
                "instance_id", figures.upstream().instanceId().toString(),
                "port", figures.port(),
                "route", figures.place());
        count(
                "switchboard.route.sessions",
                "requests over HTTP, connections over TCP",
                Counter.SESSIONS,
                tags,
                figures,
                registry);
        count("switchboard.route.received.bytes", "from callers", Counter.BYTES_IN, tags, figures, registry);
        count("switchboard.route.sent.bytes", "to callers", Counter.BYTES_OUT, tags, figures, registry);
        count(
                "switchboard.route.retries",
                "further attempts to connect to a task",
                Counter.RETRIES,
                tags,
                figures,
                registry);
        var answers = "HTTP answers by the class of their status";
        count("switchboard.route.answers", answers, Counter.ANSWERS_2XX, tags.and("status", "2xx"), figures, registry);
        count("switchboard.route.answers", answers, Counter.ANSWERS_3XX, tags.and("status", "3xx"), figures, registry);
        count("switchboard.route.answers", answers, Counter.ANSWERS_4XX, tags.and("status", "4xx"), figures, registry);
        count("switchboard.route.answers", answers, Counter.ANSWERS_5XX, tags.and("status", "5xx"), figures, registry);
        var failures = "sessions that no task served to their end";
        count(
                "switchboard.route.failures",
                failures,
                Counter.FAILED_CONNECTIONS,
                tags.and("kind", "connection"),
                figures,
                registry);
        count(
                "switchboard.route.failures",
                failures,
                Counter.FAILED_ANSWERS,
                tags.and("kind", "answer"),
                figures,
                registry);
        Gauge.builder("switchboard.route.sessions.current", figures, Figures::current)
                .description("sessions now")
                .tags(tags)
                .register(registry);
        Gauge.builder("switchboard.route.latency.seconds", figures, each -> each.latencyMillis() / 1e3)
                .description(
                        "from a request to the last byte of its answer, over TCP of a whole session; mean of the last 1024")
                .tags(tags)
                .register(registry);
    }

    private static void count(
            String name,
            String description,
            Counter counter,
            Tags tags,
            Figures figures,
            PrometheusMeterRegistry registry) {
        FunctionCounter.builder(name, figures, each -> each.total(counter))
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
