package io.switchboard.access.endpoint;

import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Domains;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.PublicPorts;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.scheduling.SchedulerApi;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.ResourceAccessException;

class RegistrarTests {

    private static final ServingTask TASK = new ServingTask("t", "127.0.0.1", Map.of("http", 31_000), State.READY);

    private Instant now = Instant.EPOCH;
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final EndpointRegistry registry = new InMemoryRegistry(
            clock,
            new Addressing("switchboard.localhost", "localhost", 8000),
            new PublicPorts(new PortRange(22_000, 22_009)));
    private final UUID desk = newInstanceId();
    private final UUID other = newInstanceId();
    private List<TaskSnapshot> answer = List.of();

    private final Registrar registrar = new Registrar(
            registry,
            new SchedulerApi() {
                @Override
                public List<DeploymentView> deployments(@Nullable Caller caller) {
                    return List.of();
                }

                @Override
                public DeploymentView deployment(UUID instanceId, @Nullable Caller caller) {
                    throw new ResourceAccessException("not asked here");
                }

                @Override
                public TaskLog log(UUID instanceId, String taskId, @Nullable Integer lines, @Nullable Caller caller) {
                    throw new UnsupportedOperationException("service-access does not call this");
                }

                @Override
                public List<TaskSnapshot> taskSnapshots() {
                    return answer;
                }
            },
            new ResyncProperties(Duration.ofSeconds(30), Duration.ofMinutes(10)),
            clock);

    @Test
    void aResyncBringsWhatMessagesDidNot() {
        answer = List.of(snapshot(desk, "desk", 3, TASK));

        registrar.resync();

        assertThat(registry.upstream(desk))
                .hasValueSatisfying(upstream -> assertThat(upstream.sequence()).isEqualTo(3));
    }

    @Test
    void aSchedulerThatCannotBeReachedTakesNothing() {
        registrar.accept(snapshot(desk, "desk", 3, TASK));
        var away = new Registrar(
                registry,
                new NoScheduler(),
                new ResyncProperties(Duration.ofSeconds(30), Duration.ofMinutes(10)),
                clock);

        assertThatThrownBy(away::resync).isInstanceOf(ResourceAccessException.class);

        assertThat(removed(desk)).isFalse();
    }

    @Test
    void whatTheSchedulerDoesNotKnowForLongIsEnded() {
        registrar.accept(snapshot(desk, "desk", 3, TASK));
        answer = List.of(snapshot(other, "other", 1, TASK));

        registrar.resync();
        now = now.plus(Duration.ofMinutes(9));
        registrar.resync();
        assertThat(removed(desk)).isFalse();

        now = now.plus(Duration.ofMinutes(1));
        registrar.resync();
        assertThat(removed(desk)).isTrue();
        assertThat(removed(other)).isFalse();
    }

    @Test
    void whatTheSchedulerKnowsAgainStays() {
        registrar.accept(snapshot(desk, "desk", 3, TASK));
        answer = List.of(snapshot(other, "other", 1, TASK));
        registrar.resync();
        now = now.plus(Duration.ofMinutes(9));
        answer = List.of(snapshot(other, "other", 1, TASK), snapshot(desk, "desk", 3, TASK));
        registrar.resync();
        answer = List.of(snapshot(other, "other", 1, TASK));
        now = now.plus(Duration.ofMinutes(9));
        registrar.resync();

        assertThat(removed(desk)).isFalse();
    }

    @Test
    void anEmptyAnswerIsNoProofThatAllIsGone() {
        registrar.accept(snapshot(desk, "desk", 3, TASK));

        registrar.resync();
        now = now.plus(Duration.ofHours(1));
        registrar.resync();

        assertThat(removed(desk)).isFalse();
    }

    @Test
    void whatCanNotBeRoutedIsNotTriedForEver() {
        var strict = new StrictRegistry();
        var patient = new Registrar(
                strict, new NoScheduler(), new ResyncProperties(Duration.ofSeconds(30), Duration.ofMinutes(10)), clock);

        patient.accept(snapshot(desk, "desk", 3, TASK));
        patient.retry();
        patient.retry();

        assertThat(strict.asked).isEqualTo(2);
    }

    /** Gives no answer at first, and then routes nothing. */
    private static final class StrictRegistry implements EndpointRegistry {

        private int asked;

        @Override
        public void register(TaskSnapshot snapshot) {
            if (++asked == 1) {
                throw new RegistryUnavailable("not there yet", null);
            }
            throw new IllegalArgumentException("this can't be routed");
        }

        @Override
        public void confirm(Set<UUID> instances, long asked) {}

        @Override
        public Optional<Upstream> govern(UUID instanceId, Policy policy) {
            return Optional.empty();
        }

        @Override
        public Optional<Upstream> name(
                UUID instanceId, String name, UnaryOperator<Domains> change, Optional<UUID> from) {
            return Optional.empty();
        }

        @Override
        public Collection<Upstream> upstreams() {
            return List.of();
        }

        @Override
        public Optional<Upstream> upstream(UUID instanceId) {
            return Optional.empty();
        }

        @Override
        public boolean answers() {
            return true;
        }

        @Override
        public boolean stale(Upstream upstream, Endpoint endpoint) {
            return false;
        }

        @Override
        public Position position() {
            return new Position("", 0, 0);
        }

        @Override
        public long revision(UUID instanceId) {
            return 0;
        }

        @Override
        public AgentReports agents() {
            return new OwnReport();
        }

        @Override
        public void onChange(Runnable listener) {}
    }

    private boolean removed(UUID id) {
        return registry.upstream(id).orElseThrow().removed();
    }
}
