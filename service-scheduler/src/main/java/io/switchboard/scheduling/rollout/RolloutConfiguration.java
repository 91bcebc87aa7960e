package io.switchboard.scheduling.rollout;

import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.contracts.access.RouteEvent;
import io.switchboard.engine.Engine;
import io.switchboard.engine.InMemoryEngine;
import io.switchboard.scheduling.deployment.DeploymentListener;
import io.switchboard.scheduling.deployment.Deployments;
import io.switchboard.scheduling.deployment.FencedDeployments;
import io.switchboard.scheduling.inbox.Inbox;
import io.switchboard.scheduling.task.TaskProtocol;
import io.switchboard.scheduling.task.Workloads;
import jakarta.jms.ConnectionFactory;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class RolloutConfiguration {

    private static final String SUBSCRIPTION = "service-scheduler";
    private static final int ROUTES_AT_ONCE = 256;
    private static final int HINTS_AT_ONCE = 100;

    @Bean
    RolloutMetrics rolloutMetrics(MeterRegistry registry) {
        return new RolloutMetrics(registry);
    }

    @Bean
    LeaderHints leaderHints(ConnectionFactory connections, JsonMapper json) {
        return new LeaderHints(connections, json);
    }

    @Bean
    ReconcilesWhileLeading reconcilesWhileLeading(
            FencedDeployments deployments,
            Engine engine,
            Workloads workloads,
            TaskProtocol protocol,
            RolloutProperties limits,
            ReconcileProperties properties,
            RolloutMetrics metrics,
            LeaderHints leaderHints,
            Clock clock) {
        return new ReconcilesWhileLeading(
                term -> {
                    var own = deployments.under(term.epoch());
                    var fenced = term.fence(engine);
                    var rollout = new Rollout(own, fenced, workloads, protocol, limits, metrics, clock);
                    return new Reconciler(own, fenced, rollout::advance, metrics, properties);
                },
                engine,
                leaderHints::send);
    }

    /** What other schedulers heard, for whoever leads. */
    @Bean
    Inbox leaderHintInbox(ConnectionFactory connections, LeaderHints hints, ReconcilesWhileLeading reconciling) {
        return new Inbox(
                "leader-hints",
                connections,
                Inbox.passing(LeaderHints.TOPIC),
                1,
                HINTS_AT_ONCE,
                texts -> reconciling.ifLeading(hints.read(texts)));
    }

    /** What the balancer has taken over. One consumer: a batch of events is one statement. */
    @Bean
    Inbox routeInbox(
            ConnectionFactory connections,
            Deployments deployments,
            DeploymentListener listener,
            JsonMapper json,
            Clock clock) {
        var routes = new Routes(deployments, listener, clock);
        var reader = json.readerForListOf(RouteEvent.class).with(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY);
        return new Inbox(
                "routes",
                connections,
                Inbox.topic(RouteEvent.TOPIC, SUBSCRIPTION),
                1,
                ROUTES_AT_ONCE,
                texts -> routes.handle(texts.stream()
                        .<RouteEvent>mapMulti((text, events) ->
                                reader.<List<RouteEvent>>readValue(text).forEach(events))
                        .toList()));
    }

    /** For benchmarks and tests: tasks that are ready at once and exist only as values. */
    @Bean
    @ConditionalOnProperty(name = "scheduler.engine", havingValue = "memory")
    Engine memoryEngine(Clock clock) {
        return new InMemoryEngine(InMemoryEngine.Readiness.IMMEDIATE, clock);
    }
}
