package io.switchboard.access.balancer;

import static io.switchboard.access.testing.Examples.SIP_UDP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.supportLine;
import static io.switchboard.access.testing.Examples.withPorts;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.Routing;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StaleEndpointsTests {

    private final Upstream upstream = new Routing(8080, new PortRange(1, 1))
            .upstream(supportLine(newInstanceId(), 1, task("a", 1), task("b", 2)), Optional.empty());
    private final Set<String> unvouched = new HashSet<>();
    private final Set<String> answering = new HashSet<>(Set.of("a", "b"));
    private final AtomicInteger changes = new AtomicInteger();
    private final StaleEndpoints endpoints = new StaleEndpoints(
            () -> List.of(upstream),
            (instance, endpoint) -> unvouched.contains(endpoint.taskId()),
            endpoint -> answering.contains(endpoint.taskId()),
            changes::incrementAndGet);

    @Test
    void onlyWhatNobodyVouchesForIsAsked() {
        answering.clear();

        look(3);

        assertThat(tasks()).containsExactly("a", "b");
        assertThat(changes).hasValue(0);
    }

    @Test
    void whatStillAnswersGoesOn() {
        unvouched.addAll(Set.of("a", "b"));

        look(3);

        assertThat(endpoints.without(List.of(upstream))).containsExactly(upstream);
    }

    @Test
    void oneFailureIsNone() {
        unvouched.add("a");
        for (int times = 0; times < 3; times++) {
            answering.remove("a");
            look(1);
            answering.add("a");
            look(1);
        }

        assertThat(tasks()).containsExactly("a", "b");
    }

    @Test
    void whatDoesNotAnswerIsLeftOutUntilItDoesOrSomebodyVouches() {
        unvouched.addAll(Set.of("a", "b"));
        answering.clear();
        look(2);
        assertThat(tasks()).isEmpty();
        assertThat(endpoints.dead()).isEqualTo(2);

        answering.add("a");
        look(1);
        assertThat(tasks()).containsExactly("a");

        unvouched.remove("b");
        look(1);
        assertThat(tasks()).containsExactly("a", "b");
        assertThat(changes).hasValue(3);
    }

    @Test
    void whereDatagramsGoIsNeverAsked() {
        var id = newInstanceId();
        var phones = new ServingTask("a", "127.0.0.1", Map.of("sip", 5060), State.READY);
        var trunk = new Routing(8080, new PortRange(1, 1))
                .upstream(withPorts(supportLine(id, 1, phones), SIP_UDP), Optional.empty());
        var looking = new StaleEndpoints(
                () -> List.of(trunk), (instance, endpoint) -> true, endpoint -> false, changes::incrementAndGet);

        looking.look();
        looking.look();

        assertThat(looking.without(List.of(trunk))).containsExactly(trunk);
    }

    @Test
    void aResolverThatIsAwayIsNoSignOfDeath() throws Exception {
        var away = new AtomicBoolean();
        var probe = new Probe(new HostAddresses(
                Clock.systemUTC(),
                host -> {
                    if (away.get() || host.equals("never-seen")) {
                        throw new UnknownHostException(host);
                    }
                    return "127.0.0.1";
                },
                () -> {}));
        try (var task = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var seen = new Endpoint("a", "http", "node-1", task.getLocalPort(), State.READY);
            assertThat(probe.test(seen)).isTrue();
            away.set(true);

            assertThat(probe.test(seen)).isTrue();
            assertThat(probe.test(new Endpoint("b", "http", "never-seen", 1, State.READY)))
                    .isTrue();
            task.close();
            assertThat(probe.test(seen)).isFalse();
        }
    }

    private void look(int times) {
        for (int time = 0; time < times; time++) {
            endpoints.look();
        }
    }

    private List<String> tasks() {
        return endpoints.without(List.of(upstream)).stream()
                .flatMap(one -> one.endpoints().stream())
                .map(Endpoint::taskId)
                .toList();
    }

    private static ServingTask task(String id, int port) {
        return new ServingTask(id, "127.0.0.1", Map.of("http", port), State.READY);
    }
}
