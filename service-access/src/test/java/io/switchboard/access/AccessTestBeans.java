package io.switchboard.access;

import io.switchboard.contracts.access.BalancerEvent;
import io.switchboard.contracts.access.RouteEvent;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.scheduling.SchedulerApi;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import jakarta.jms.ConnectionFactory;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jms.annotation.JmsListener;
import org.springframework.jms.config.DefaultJmsListenerContainerFactory;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.web.client.ResourceAccessException;
import tools.jackson.databind.json.JsonMapper;

@TestConfiguration(proxyBeanMethods = false)
class AccessTestBeans {

    @Bean
    JwtDecoder jwtDecoder() {
        return token -> {
            throw new BadJwtException("tests authenticate otherwise");
        };
    }

    @Bean
    @Primary
    FakeScheduler scheduler() {
        return new FakeScheduler();
    }

    @Bean
    SeenEvents seenEvents(JsonMapper json) {
        return new SeenEvents(json);
    }

    @Bean
    SeenBalancerEvents seenBalancerEvents(JsonMapper json) {
        return new SeenBalancerEvents(json);
    }

    @Bean
    Snapshots snapshots(ConnectionFactory connections, JsonMapper json) {
        var topics = new JmsTemplate(connections);
        topics.setPubSubDomain(true);
        return snapshot -> topics.convertAndSend(TaskSnapshot.TOPIC, json.writeValueAsString(snapshot));
    }

    @Bean
    DefaultJmsListenerContainerFactory seenEventsFactory(ConnectionFactory connections) {
        var factory = new DefaultJmsListenerContainerFactory();
        factory.setConnectionFactory(connections);
        factory.setPubSubDomain(true);
        return factory;
    }

    /** Publishes as the scheduler does. */
    interface Snapshots {
        void publish(TaskSnapshot snapshot);
    }

    static class SeenBalancerEvents {

        private final List<BalancerEvent> events = new CopyOnWriteArrayList<>();
        private final JsonMapper json;

        SeenBalancerEvents(JsonMapper json) {
            this.json = json;
        }

        @JmsListener(destination = BalancerEvent.TOPIC, containerFactory = "seenEventsFactory")
        void received(String message) {
            events.addAll(json.readerForListOf(BalancerEvent.class).readValue(message));
        }

        List<BalancerEvent> of(String id) {
            return events.stream().filter(event -> event.id().equals(id)).toList();
        }
    }

    static class SeenEvents {

        private final List<RouteEvent> events = new CopyOnWriteArrayList<>();
        private final JsonMapper json;

        SeenEvents(JsonMapper json) {
            this.json = json;
        }

        @JmsListener(destination = RouteEvent.TOPIC, containerFactory = "seenEventsFactory")
        void received(String message) {
            events.addAll(json.readerForListOf(RouteEvent.class).readValue(message));
        }

        List<RouteEvent> of(UUID instanceId) {
            return events.stream()
                    .filter(event -> event.instanceId().equals(instanceId))
                    .toList();
        }

        Optional<RouteEvent> last(UUID instanceId) {
            return of(instanceId).stream().reduce((one, next) -> next);
        }
    }

    /** Away until it is told what to answer. */
    static class FakeScheduler implements SchedulerApi {

        private volatile @Nullable List<TaskSnapshot> answer;

        void answers(List<TaskSnapshot> snapshots) {
            answer = List.copyOf(snapshots);
        }

        @Override
        public List<DeploymentView> deployments(@Nullable Caller caller) {
            return List.of();
        }

        @Override
        public DeploymentView deployment(UUID instanceId, @Nullable Caller caller) {
            throw new ResourceAccessException("no such deployment");
        }

        @Override
        public TaskLog log(UUID instanceId, String taskId, @Nullable Integer lines, @Nullable Caller caller) {
            throw new UnsupportedOperationException("service-access does not call this");
        }

        @Override
        public List<TaskSnapshot> taskSnapshots() {
            var snapshots = answer;
            if (snapshots == null) {
                throw new ResourceAccessException("the scheduler is away");
            }
            return snapshots;
        }
    }
}
