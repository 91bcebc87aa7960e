package io.switchboard.access.balancer;

import static io.switchboard.access.testing.Examples.HTTP;
import static io.switchboard.access.testing.Examples.SIP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.removed;
import static io.switchboard.access.testing.Examples.snapshot;
import static io.switchboard.access.testing.Examples.withPorts;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.balancer.Balancer.Outcome;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.Routing;
import io.switchboard.access.testing.Task;
import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.scheduling.PortSpec.Protocol;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every balancer does, seen through the addresses it gives out. */
public abstract class BalancerContract {

    protected final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Upstream> carried = new ArrayList<>();
    /** As last told. */
    private final Map<UUID, Outcome> outcomes = new HashMap<>();

    protected final Routing routing = routing();

    protected abstract Balancer balancer();

    protected abstract Routing routing();

    /** Where a client sends a request for an address, which may not be where the name leads on this machine. */
    protected abstract URI reachable(URI address);

    @AfterEach
    void endEverything() {
        List.copyOf(carried).stream()
                .filter(upstream -> !upstream.removed())
                .forEach(upstream ->
                        carry(removed(upstream.instanceId(), upstream.instanceName(), upstream.sequence() + 1)));
    }

    @Test
    void aNewInstanceAnswersAtItsAddress() {
        try (var task = new Task("one")) {
            var addresses = inForce(carry(snapshot(newInstanceId(), "desk", 1, task.serving(State.READY))));

            assertThat(addresses).singleElement().satisfies(address -> {
                assertThat(address.protocol()).isEqualTo(Protocol.HTTP);
                assertThat(answer(address, "/")).isEqualTo("one");
            });
        }
    }

    @Test
    void aSecondTaskSharesTheTraffic() {
        var id = newInstanceId();
        try (var one = new Task("one");
                var two = new Task("two")) {
            carry(snapshot(id, "desk", 1, one.serving(State.READY)));
            var addresses = inForce(carry(snapshot(id, "desk", 2, one.serving(State.READY), two.serving(State.READY))));

            assertThat(answers(addresses)).containsExactlyInAnyOrder("one", "two");
        }
    }

    @Test
    void aDrainingTaskGetsNothingNewAndFinishesWhatItHas() {
        var id = newInstanceId();
        try (var one = new Task("one");
                var two = new Task("two")) {
            var address = inForce(carry(snapshot(id, "desk", 1, one.serving(State.READY))))
                    .getFirst();
            var running = begin(address, "/slow");
            one.awaitSlowRequest();

            var addresses =
                    inForce(carry(snapshot(id, "desk", 2, one.serving(State.DRAINING), two.serving(State.READY))));

            assertThat(answers(addresses)).containsExactly("two");
            assertThat(one.requests()).isEqualTo(1);
            one.finishSlowRequest();
            assertThat(running.join().body()).isEqualTo("one");
        }
    }

    @Test
    void aDrainingTaskCanBeReadyAgain() {
        var id = newInstanceId();
        try (var one = new Task("one")) {
            carry(snapshot(id, "desk", 1, one.serving(State.READY)));
            carry(snapshot(id, "desk", 2, one.serving(State.DRAINING)));

            var addresses = inForce(carry(snapshot(id, "desk", 3, one.serving(State.READY))));

            assertThat(answers(addresses)).containsExactly("one");
        }
    }

    @Test
    void aRemovedInstanceHasNoAddress() {
        var id = newInstanceId();
        try (var one = new Task("one")) {
            carry(snapshot(id, "desk", 1, one.serving(State.READY)));

            assertThat(inForce(carry(removed(id, "desk", 2)))).isEmpty();
        }
    }

    @Test
    void aTcpPortAnswersAtAnAddressOfItsOwn() {
        try (var task = new Task("one")) {
            var addresses = inForce(carry(withPorts(
                    snapshot(newInstanceId(), "trunk", 1, task.serving(State.READY, "http", "sip")), HTTP, SIP)));

            assertThat(addresses).extracting(Address::port).containsExactlyInAnyOrder("http", "sip");
            var sip = addresses.stream()
                    .filter(address -> address.port().equals("sip"))
                    .findFirst()
                    .orElseThrow();
            assertThat(sip.protocol()).isEqualTo(Protocol.TCP);
            assertThat(sip.url()).startsWith("tcp://");
            assertThat(send(URI.create(sip.url().replace("tcp:", "http:")), "localhost", "/")
                            .join()
                            .body())
                    .isEqualTo("one");
        }
    }

    @Test
    void instancesAreKeptApart() {
        try (var one = new Task("one");
                var two = new Task("two")) {
            var first = inForce(carry(snapshot(newInstanceId(), "first", 1, one.serving(State.READY))));
            var second = inForce(carry(snapshot(newInstanceId(), "second", 1, two.serving(State.READY))));

            assertThat(answers(first)).containsExactly("one");
            assertThat(answers(second)).containsExactly("two");
        }
    }

    @Test
    void sayingTheSameAgainChangesNothing() {
        try (var task = new Task("one")) {
            var snapshot = snapshot(newInstanceId(), "desk", 1, task.serving(State.READY));
            var first = inForce(carry(snapshot));

            assertThat(inForce(carry(snapshot))).isEqualTo(first);
            assertThat(balancer().audit(carried).get(snapshot.instanceId())).isEqualTo(new Outcome.InForce(first));
        }
    }

    /** Carries this snapshot beside all that is carried already. */
    protected Outcome carry(TaskSnapshot snapshot) {
        UUID id = snapshot.instanceId();
        var before = upstream(id);
        return carry(routing.upstream(snapshot, before));
    }

    /** Carries this upstream beside all that is carried already. */
    protected Outcome carry(Upstream upstream) {
        upstream(upstream.instanceId()).ifPresent(carried::remove);
        carried.add(upstream);
        outcomes.putAll(balancer().carry(carried));
        return Objects.requireNonNull(outcomes.get(upstream.instanceId()));
    }

    protected Optional<Upstream> upstream(UUID id) {
        return carried.stream().filter(each -> each.instanceId().equals(id)).findFirst();
    }

    protected List<Upstream> carried() {
        return List.copyOf(carried);
    }

    protected static List<Address> inForce(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.InForce.class);
        return ((Outcome.InForce) outcome).addresses();
    }

    protected Set<String> answers(List<Address> addresses) {
        return new HashSet<>(IntStream.range(0, 20)
                .mapToObj(each -> answer(addresses.get(each % addresses.size()), "/"))
                .toList());
    }

    protected String answer(Address address, String path) {
        return begin(address, path).join().body();
    }

    protected CompletableFuture<HttpResponse<String>> begin(Address address, String path) {
        var uri = URI.create(address.url());
        return send(reachable(uri), uri.getHost(), path);
    }

    protected CompletableFuture<HttpResponse<String>> send(URI to, String host, String path) {
        return http.sendAsync(
                HttpRequest.newBuilder(URI.create(to + path))
                        .header("Host", host)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
