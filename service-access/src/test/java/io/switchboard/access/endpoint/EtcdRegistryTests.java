package io.switchboard.access.endpoint;

import static io.switchboard.access.testing.Examples.HTTP;
import static io.switchboard.access.testing.Examples.SIP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.of;
import static io.switchboard.access.testing.Examples.removed;
import static io.switchboard.access.testing.Examples.snapshot;
import static io.switchboard.access.testing.Examples.withPorts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Domain;
import io.switchboard.access.route.Domains;
import io.switchboard.access.route.Domains.What;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Network;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.PublicPorts;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.Etcd;
import io.switchboard.access.testing.Relay;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class EtcdRegistryTests {

    private static final PortRange PORTS = new PortRange(22_000, 22_019);
    private static final Duration SHORT_LEASE = Duration.ofSeconds(2);
    private static final Duration LONG_LEASE = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    static Path etcdDirectory;

    private static @Nullable Etcd etcd;

    @TempDir
    Path directory;

    private final List<EtcdRegistry> started = new ArrayList<>();
    private final EtcdStore store = new EtcdStore(properties(etcd().url(), Duration.ofSeconds(5), PATIENCE));

    @BeforeAll
    static void startEtcd() {
        etcd = new Etcd(etcdDirectory);
    }

    @AfterAll
    static void stopEtcd() {
        etcd().close();
    }

    private static Etcd etcd() {
        var running = etcd;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    @BeforeEach
    void forgetEverything() {
        // etcd has just been started by the first of these tests.
        await().ignoreExceptionsInstanceOf(RegistryUnavailable.class).until(() -> {
            store.commit(List.of(), List.of(EtcdStore.deleteAll(EtcdKeys.ROOT)));
            return true;
        });
    }

    @AfterEach
    void stopRegistries() {
        started.forEach(EtcdRegistry::stop);
        store.close();
    }

    @Test
    void aSnapshotIsThereForEveryOtherProcess() {
        var one = registry("one");
        var other = registry("other");
        var id = newInstanceId();

        one.register(snapshot(id, "desk", 5, task("a", State.READY), task("b", State.DRAINING)));

        await().untilAsserted(() -> assertThat(other.upstream(id)).hasValueSatisfying(upstream -> {
            assertThat(upstream.sequence()).isEqualTo(5);
            assertThat(upstream.routes()).containsExactly(new Route.Host("http", "desk.acme.switchboard.localhost"));
            assertThat(upstream.endpoints()).hasSize(2);
            assertThat(upstream.readyTasks()).isEqualTo(1);
        }));
        confirm(one, id);
        await().untilAsserted(() -> assertThat(vouched(other, id)).isTrue());
        assertThat(store.list(EtcdKeys.ENDPOINTS).entries())
                .extracting(EtcdStore.Entry::key)
                .containsExactlyInAnyOrder(
                        "/switchboard/v1/endpoints/acme/" + id + "/http/a",
                        "/switchboard/v1/endpoints/acme/" + id + "/http/b");
        assertThat(store.get(EtcdKeys.host("desk.acme.switchboard.localhost"))).isPresent();
    }

    @Test
    void whoHasStartedKnowsWhatLiesThere() {
        var id = newInstanceId();
        registry("one").register(snapshot(id, "desk", 5, task("a", State.READY)));

        assertThat(registry("other").upstream(id)).isPresent();
    }

    @Test
    void aPolicyOutlivesSnapshotsAndTheLossOfData() {
        var one = registry("one");
        var other = registry("other");
        var id = newInstanceId();
        var policy = new Policy(
                List.of(new Policy.Share(4, 10)),
                Map.of(
                        "http",
                        new Policy.Rules(true, 60, new Policy.Limits(1, 2, 3, 4), List.of(new Network("10.0.0.0/8")))));
        one.register(snapshot(id, "desk", 5, revision("a", 3), revision("b", 4)));
        await().until(() -> other.upstream(id).isPresent());

        // Said to one process, while the other hears of tasks.
        assertThat(other.govern(id, policy))
                .hasValueSatisfying(upstream -> assertThat(upstream.endpoints())
                        .extracting(Endpoint::weight)
                        .containsExactly(9, 1));
        one.register(snapshot(id, "desk", 6, revision("a", 3), revision("b", 4), revision("c", 4)));

        await().untilAsserted(() -> assertThat(List.of(upstream(one, id), upstream(other, id)))
                .allSatisfy(upstream -> {
                    assertThat(upstream.sequence()).isEqualTo(6);
                    assertThat(upstream.policy()).isEqualTo(policy);
                    assertThat(upstream.endpoints())
                            .extracting(Endpoint::weight)
                            .containsExactly(18, 1, 1);
                }));

        store.commit(List.of(), List.of(EtcdStore.deleteAll(EtcdKeys.ROOT)));
        await().untilAsserted(() -> assertThat(store.get(EtcdKeys.instance(id)))
                .hasValueSatisfying(entry -> assertThat(
                                Json.read(entry.value(), Upstream.class).policy())
                        .isEqualTo(policy)));
        assertThat(other.govern(newInstanceId(), policy)).isEmpty();
    }

    /** Of two changes under one snapshot the later is in force, however the clocks of those who make them differ. */
    @Test
    void aPolicyIsHeardOfEvenFromAClockThatIsSlow() {
        var slow = new EtcdRegistry(
                properties(Duration.ofMillis(300)),
                Clock.offset(Clock.systemUTC(), Duration.ofHours(-1)),
                addressing(),
                new PublicPorts(PORTS),
                lastKnown("slow"));
        started.add(slow);
        slow.start();
        var one = registry("one");
        var id = newInstanceId();
        one.register(snapshot(id, "desk", 5, task("a", State.READY)));
        await().until(() -> slow.upstream(id).isPresent());
        var sticky = new Policy(List.of(), Map.of("http", new Policy.Rules(true, 0, Policy.Limits.NONE, List.of())));

        slow.govern(id, sticky);

        await().untilAsserted(() -> assertThat(upstream(one, id).policy()).isEqualTo(sticky));
    }

    /** However many processes store what DNS says, and whoever comes first. */
    @Test
    void aDomainIsOneTenantsOnlyAndOutlivesSnapshotsAndTheLossOfData() throws Exception {
        var one = registry("one");
        var other = registry("other");
        var acme = newInstanceId();
        var globex = newInstanceId();
        one.register(snapshot(acme, "desk", 5, task("a", State.READY)));
        other.register(of("globex", snapshot(globex, "desk", 5, task("b", State.READY))));

        try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
            both.submit(() -> one.name(acme, DOMAIN, this::verified, Optional.empty()));
            both.submit(() -> other.name(globex, DOMAIN, this::verified, Optional.empty()));
        }

        var winner = named(one, acme).isPresent() ? acme : globex;
        var loser = winner.equals(acme) ? globex : acme;
        await().untilAsserted(() -> assertThat(List.of(one, other)).allSatisfy(registry -> {
            assertThat(named(registry, winner)).isPresent();
            assertThat(named(registry, loser)).isEmpty();
        }));
        assertThat(hosts(one)).contains(DOMAIN).doesNotHaveDuplicates();
        one.register(of(winner.equals(acme) ? "acme" : "globex", snapshot(winner, "desk", 6, task("c", State.READY))));
        assertThat(upstream(one, winner).routes()).contains(new Route.Host("http", DOMAIN));

        store.commit(List.of(), List.of(EtcdStore.deleteAll(EtcdKeys.ROOT)));
        await().untilAsserted(() -> assertThat(store.get(EtcdKeys.host(DOMAIN)))
                .hasValueSatisfying(entry -> assertThat(entry.value()).contains(winner.toString())));
        assertThat(named(other, loser)).isEmpty();
        assertThat(other.name(loser, DOMAIN, this::verified, Optional.empty())).isPresent();
        assertThat(named(other, loser)).isEmpty();

        one.name(
                winner,
                DOMAIN,
                domains -> domains.without(DOMAIN, What.DELETED, "somebody", Instant.now()),
                Optional.empty());
        other.name(loser, DOMAIN, this::verified, Optional.empty());
        assertThat(named(other, loser)).isPresent();
    }

    @Test
    void pathsOfAHostAreOneTenantsWhoeverComesFirst() throws Exception {
        var one = registry("one");
        var other = registry("other");
        var desk = newInstanceId();
        var chat = newInstanceId();
        var globex = newInstanceId();
        one.register(snapshot(desk, "desk", 5, task("a", State.READY)));
        one.register(snapshot(chat, "chat", 5, task("b", State.READY)));
        other.register(of("globex", snapshot(globex, "desk", 5, task("c", State.READY))));

        for (int round = 0; round < 10; round++) {
            var path = round % 2 == 0 ? "/" : "/desk";
            try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
                both.submit(() -> one.name(desk, DOMAIN, domains -> at(domains, path), Optional.empty()));
                both.submit(() -> other.name(globex, DOMAIN, domains -> at(domains, "/chat"), Optional.empty()));
            }
            assertThat(named(one, desk).isPresent())
                    .as("round %d", round)
                    .isNotEqualTo(named(other, globex).isPresent());
            delete(one, desk);
            delete(other, globex);
            assertThat(store.list(EtcdKeys.paths(DOMAIN)).entries()).isEmpty();
            assertThat(store.get(EtcdKeys.host(DOMAIN))).isEmpty();
        }

        one.name(desk, DOMAIN, domains -> at(domains, "/"), Optional.empty());
        one.name(chat, DOMAIN, domains -> at(domains, "/chat"), Optional.empty());
        assertThat(upstream(one, desk).routes()).contains(new Route.Host("http", DOMAIN));
        assertThat(upstream(one, chat).routes()).contains(new Route.Path("http", DOMAIN, "/chat"));
        delete(one, desk);
        other.name(globex, DOMAIN, domains -> at(domains, "/"), Optional.empty());
        assertThat(named(other, globex)).isEmpty();
        assertThat(store.get(EtcdKeys.paths(DOMAIN)))
                .hasValueSatisfying(entry -> assertThat(entry.value()).contains("acme"));

        store.commit(List.of(), List.of(EtcdStore.deleteAll(EtcdKeys.ROOT)));
        await().untilAsserted(() ->
                assertThat(store.list(EtcdKeys.paths(DOMAIN)).entries()).hasSize(2));
        one.register(removed(chat, "chat", 6));
        assertThat(store.list(EtcdKeys.paths(DOMAIN)).entries()).isEmpty();
        other.name(globex, DOMAIN, domains -> at(domains, "/"), Optional.empty());
        assertThat(named(other, globex)).isPresent();
    }

    private static void delete(EtcdRegistry registry, UUID id) {
        registry.name(
                id,
                DOMAIN,
                domains -> domains.without(DOMAIN, What.DELETED, "somebody", Instant.now()),
                Optional.empty());
    }

    private static Domains at(Domains domains, String path) {
        return domains.with(
                Domain.claimed(DOMAIN, path, "http", "0".repeat(40), Instant.now())
                        .verified(Instant.now()),
                What.VERIFIED,
                "somebody",
                Instant.now());
    }

    /** One instance may have all of its tenant's: what they take of a transaction stays below etcd's own bound. */
    @Test
    void asManyDomainsAsATenantMayHaveKeepNoInstanceFromChanging() {
        var registry = registry("one");
        var desk = newInstanceId();
        registry.register(withPorts(snapshot(desk, "desk", 5, task("a", State.READY)), HTTP, SIP));
        for (int number = 0; number < 30; number++) {
            var domain = Domain.claimed("calls-" + number + ".example", "/chat", "http", "0".repeat(40), Instant.now())
                    .verified(Instant.now());
            registry.name(
                    desk,
                    domain.name(),
                    domains -> domains.with(domain, What.VERIFIED, "somebody", Instant.now()),
                    Optional.empty());
        }
        registry.register(
                withPorts(snapshot(desk, "desk", 6, task("a", State.READY), task("b", State.READY)), HTTP, SIP));

        store.commit(List.of(), List.of(EtcdStore.deleteAll(EtcdKeys.ROOT)));

        await().untilAsserted(() -> assertThat(
                        store.list(EtcdKeys.paths("calls-29.example")).entries())
                .isNotEmpty());
        assertThat(upstream(registry, desk).sequence()).isEqualTo(6);
        assertThat(upstream(registry, desk).routes()).hasSize(32);
        registry.register(removed(desk, "desk", 7));
        assertThat(store.list(EtcdKeys.paths("calls-29.example")).entries()).isEmpty();
    }

    @Test
    void aDomainMovesBetweenInstancesWithoutAMomentInWhichItLeadsNowhere() {
        var registry = registry("one");
        var desk = newInstanceId();
        var lobby = newInstanceId();
        registry.register(withPorts(snapshot(desk, "desk", 5, task("a", State.READY)), HTTP, SIP));
        registry.register(snapshot(lobby, "lobby", 5, task("b", State.READY)));
        registry.name(desk, DOMAIN, this::verified, Optional.empty());
        List<Boolean> led = new CopyOnWriteArrayList<>();
        registry.onChange(() -> led.add(hosts(registry).contains(DOMAIN)));

        registry.name(lobby, DOMAIN, this::verified, Optional.of(desk));
        registry.name(
                desk, DOMAIN, domains -> domains.without(DOMAIN, What.MOVED_AWAY, "", Instant.now()), Optional.empty());

        assertThat(led).isNotEmpty().doesNotContain(false);
        assertThat(named(registry, lobby)).isPresent();
        assertThat(upstream(registry, desk).routes()).hasSize(2).doesNotContain(new Route.Host("http", DOMAIN));
        assertThat(store.get(EtcdKeys.host(DOMAIN)))
                .hasValueSatisfying(entry -> assertThat(entry.value()).contains(lobby.toString()));
        registry.register(removed(lobby, "lobby", 6));
        assertThat(store.get(EtcdKeys.host(DOMAIN))).isEmpty();
    }

    private static final String DOMAIN = "calls.example";

    private Domains verified(Domains domains) {
        var claimed = domains.named(DOMAIN)
                .orElseGet(() -> Domain.claimed(DOMAIN, "/", "http", "0".repeat(40), Instant.now()));
        return domains.with(claimed.verified(Instant.now()), What.VERIFIED, "somebody", Instant.now());
    }

    private static Optional<Domain> named(EtcdRegistry registry, UUID id) {
        return upstream(registry, id).domains().named(DOMAIN).filter(Domain::verified);
    }

    private static List<String> hosts(EtcdRegistry registry) {
        return registry.upstreams().stream()
                .filter(upstream -> !upstream.removed())
                .flatMap(upstream -> upstream.routes().stream())
                .flatMap(route -> route instanceof Route.Host(String port, String host) ? Stream.of(host) : Stream.of())
                .toList();
    }

    /** What versions before policies stored. */
    @Test
    void aRecordWithoutAPolicyIsReadAsOneThatTreatsAllAlike() {
        var id = newInstanceId();
        var record = """
                {"instanceId":"%s","tenant":"acme","instanceName":"desk","serviceType":"acd","sequence":7,
                 "changedAt":"2026-11-24T07:00:00Z","routes":[],"endpoints":[
                   {"taskId":"t-1","port":"http","host":"10.0.0.7","number":31002,"state":"READY"}],"removed":false}
                """.formatted(id);

        var upstream = Json.read(record, Upstream.class);

        assertThat(upstream.policy()).isEqualTo(Policy.NONE);
        assertThat(upstream.domains()).isEqualTo(Domains.NONE);
        assertThat(upstream.endpoints().getFirst().weight()).isZero();
    }

    /** What versions before paths stored. */
    @Test
    void anEventWithoutAPathIsReadAsOneOfTheWholeHost() {
        var event = Json.read(
                "{\"at\":\"2026-11-24T07:00:00Z\",\"domain\":\"calls.example\",\"what\":\"CLAIMED\",\"by\":\"ann\"}",
                Domains.Event.class);

        assertThat(event.path()).isEqualTo("/");
    }

    @Test
    void anOlderSnapshotChangesNothing() {
        var registry = registry("one");
        var id = newInstanceId();
        registry.register(snapshot(id, "desk", 5, task("a", State.READY)));

        registry.register(snapshot(id, "desk", 4));
        registry.register(snapshot(id, "desk", 5));

        assertThat(upstream(registry, id).endpoints()).hasSize(1);
    }

    @Test
    void aRemovedInstanceLeavesNoRouteAndIsNotBroughtBackByALateSnapshot() {
        var registry = registry("one");
        var id = newInstanceId();
        registry.register(withPorts(snapshot(id, "desk", 5, task("a", State.READY)), HTTP, SIP));
        confirm(registry, id);
        await().untilAsserted(() -> assertThat(vouched(registry, id)).isTrue());

        registry.register(removed(id, "desk", 6));
        registry.register(withPorts(snapshot(id, "desk", 5, task("a", State.READY)), HTTP, SIP));

        assertThat(upstream(registry, id).removed()).isTrue();
        assertThat(store.list(EtcdKeys.ROOT + "routes/").entries()).isEmpty();
        assertThat(store.list(EtcdKeys.ENDPOINTS).entries()).isEmpty();
    }

    @Test
    void aLaterInstanceOfTheSameNameTakesTheHostAndKeepsIt() {
        var registry = registry("one");
        var old = newInstanceId();
        var young = newInstanceId();
        registry.register(snapshot(old, "desk", 1, task("a", State.READY)));

        registry.register(snapshot(young, "desk", 1, task("b", State.READY)));
        registry.register(snapshot(old, "desk", 2, task("a", State.READY)));
        registry.register(removed(old, "desk", 3));

        assertThat(upstream(registry, young).routes()).hasSize(1);
        assertThat(store.get(EtcdKeys.host("desk.acme.switchboard.localhost")))
                .hasValueSatisfying(entry -> assertThat(entry.value()).contains(young.toString()));
    }

    @Test
    void racingRegistrarsNeverShareAPort() throws InterruptedException {
        var registries = List.of(registry("one"), registry("two"));
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var threads = new ArrayList<Thread>();
        for (int each = 0; each < PORTS.size(); each++) {
            var registry = registries.get(each % 2);
            var snapshot = withPorts(snapshot(newInstanceId(), "trunk-" + each, 1, task("t" + each, State.READY)), SIP);
            threads.add(Thread.ofVirtual()
                    .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
                    .start(() -> registry.register(snapshot)));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failures).isEmpty();
        await().untilAsserted(() -> assertThat(numbers(registries.getFirst())).hasSize(PORTS.size()));
        assertThat(new HashSet<>(numbers(registries.getFirst()))).hasSize(PORTS.size());

        var late = newInstanceId();
        registries.getFirst().register(withPorts(snapshot(late, "late", 1, task("x", State.READY)), SIP));
        assertThat(upstream(registries.getFirst(), late).routes()).isEmpty();
        // It is told of again and again, which changes nothing.
        long revision = store.get(EtcdKeys.instance(late)).orElseThrow().revision();
        registries.getFirst().register(withPorts(snapshot(late, "late", 1, task("x", State.READY)), SIP));
        assertThat(store.get(EtcdKeys.instance(late)).orElseThrow().revision()).isEqualTo(revision);

        var gone = registries.getFirst().upstreams().stream()
                .filter(upstream -> !upstream.routes().isEmpty())
                .findFirst()
                .orElseThrow();
        registries.getFirst().register(removed(gone.instanceId(), gone.instanceName(), 2));
        registries.getFirst().register(withPorts(snapshot(late, "late", 1, task("x", State.READY)), SIP));
        assertThat(upstream(registries.getFirst(), late).routes()).hasSize(1);
    }

    @Test
    void aPortStaysWithItsInstance() {
        var registry = registry("one");
        var id = newInstanceId();
        registry.register(withPorts(snapshot(id, "trunk", 1, task("a", State.READY)), SIP));
        var routes = upstream(registry, id).routes();

        registry.register(withPorts(snapshot(id, "trunk", 2, task("b", State.READY)), SIP));

        assertThat(upstream(registry, id).routes()).isEqualTo(routes);
    }

    @Test
    void expiredLeasesLeaveRoutesStaleUntilSomebodyVouchesAgain() {
        var agent = registry("agent");
        var registrar = registry("registrar");
        var id = newInstanceId();
        var snapshot = snapshot(id, "desk", 1, task("a", State.READY));
        registrar.register(snapshot);
        confirm(registrar, id);
        await().untilAsserted(() -> assertThat(agent.upstream(id)).isPresent());
        await().untilAsserted(() -> assertThat(vouched(agent, id)).isTrue());
        agent.stop();
        registrar.stop();
        started.clear();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(store.list(EtcdKeys.ENDPOINTS).entries()).isEmpty());

        assertThat(store.get(EtcdKeys.instance(id))).isPresent();
        var watcher = new EtcdRegistry(
                properties(Duration.ofHours(1)),
                Clock.systemUTC(),
                addressing(),
                new PublicPorts(PORTS),
                lastKnown("agent"));
        var upstream = upstream(watcher, id);
        assertThat(watcher.stale(upstream, upstream.endpoints().getFirst())).isTrue();

        watcher.start();
        watcher.register(snapshot);
        confirm(watcher, id);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                watcher.stale(upstream, upstream.endpoints().getFirst()))
                        .isFalse());
        watcher.stop();
    }

    /** Whoever is alive and was told once knows no better than anybody else. */
    @Test
    void onlyWhatTheSchedulerGoesOnConfirmingIsVouchedFor() {
        var registrar = registry("registrar");
        var agent = registry("agent");
        var kept = newInstanceId();
        var lost = newInstanceId();
        registrar.register(snapshot(kept, "kept", 1, task("a", State.READY)));
        registrar.register(snapshot(lost, "lost", 1, task("b", State.READY)));
        await().atMost(PATIENCE).untilAsserted(() -> {
            confirm(registrar, kept, lost);
            assertThat(vouched(agent, kept)).isTrue();
            assertThat(vouched(agent, lost)).isTrue();
        });

        await().atMost(PATIENCE).untilAsserted(() -> {
            confirm(registrar, kept);
            assertThat(vouched(agent, kept)).isTrue();
            assertThat(vouched(agent, lost)).isFalse();
        });

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(vouched(agent, kept)).isFalse());
        assertThat(upstream(agent, kept).endpoints()).hasSize(1);
        await().atMost(PATIENCE).untilAsserted(() -> {
            confirm(registrar, kept, lost);
            assertThat(vouched(agent, kept)).isTrue();
            assertThat(vouched(agent, lost)).isTrue();
        });
    }

    /** The scheduler's answer may be older than what it said in a message. */
    @Test
    void whatWasToldAfterTheSchedulerWasAskedIsVouchedFor() {
        var registry = registry("one");
        var id = newInstanceId();
        long asked = System.nanoTime();
        registry.register(snapshot(id, "desk", 1, task("a", State.READY)));

        registry.confirm(Set.of(), asked);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(vouched(registry, id)).isTrue());
    }

    /** Who can't hear that a task has ended must not take it for certain that it has not. */
    @Test
    void whoHearsNothingOfEtcdTakesNobodysWord() {
        var registry = registry("one");
        var id = newInstanceId();
        registry.register(snapshot(id, "desk", 1, task("a", State.READY)));
        await().atMost(PATIENCE).untilAsserted(() -> {
            confirm(registry, id);
            assertThat(vouched(registry, id)).isTrue();
        });

        etcd().kill();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(vouched(registry, id)).isFalse());
        assertThat(upstream(registry, id).endpoints()).hasSize(1);
        etcd().start();
        await().atMost(PATIENCE).untilAsserted(() -> {
            confirm(registry, id);
            assertThat(vouched(registry, id)).isTrue();
        });
    }

    @Test
    void aKilledEtcdTakesNoRouteAndTakesChangesWhenItIsBack() {
        var registry = registry("one");
        var registrar =
                new Registrar(registry, new NoScheduler(), new ResyncProperties(PATIENCE, PATIENCE), Clock.systemUTC());
        registrar.start();
        var id = newInstanceId();
        registrar.accept(snapshot(id, "desk", 1, task("a", State.READY)));
        var health = new EtcdHealth(registry);
        await().atMost(PATIENCE).until(() -> health.health().getStatus().equals(Status.UP));
        etcd().kill();

        registrar.accept(snapshot(id, "desk", 2, task("a", State.READY), task("b", State.READY)));
        assertThat(upstream(registry, id).endpoints()).hasSize(1);
        await().atMost(PATIENCE).until(() -> health.health().getStatus().equals(Status.DOWN));
        etcd().start();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(upstream(registry, id).endpoints()).hasSize(2));
        await().atMost(PATIENCE).until(() -> health.health().getStatus().equals(Status.UP));
        registrar.stop();
    }

    @Test
    void lostDataIsNoticedAndRegisteredAgain() throws IOException {
        var registry = registry("one");
        var id = newInstanceId();
        registry.register(withPorts(snapshot(id, "desk", 7, task("a", State.READY)), HTTP, SIP));
        var before = upstream(registry, id);
        etcd().kill();
        etcd().wipe();
        etcd().start();

        await().atMost(PATIENCE).untilAsserted(() -> {
            confirm(registry, id);
            assertThat(store.get(EtcdKeys.instance(id)))
                    .hasValueSatisfying(entry -> assertThat(entry.value()).contains("\"sequence\":7"));
            assertThat(store.list(EtcdKeys.ENDPOINTS).entries()).hasSize(2);
            assertThat(store.list(EtcdKeys.ROOT + "routes/").entries()).hasSize(2);
        });
        assertThat(upstream(registry, id).routes()).isEqualTo(before.routes());
        await().untilAsserted(() -> assertThat(Files.readString(directory.resolve("one.json")))
                .contains(store.get(EtcdKeys.INCARNATION).orElseThrow().value()));
    }

    /** Its revisions begin again at earlier ones, so that who watched the old ones waits for ever. */
    @Test
    void anEtcdRestoredFromABackupIsOtherDataAndGetsWhatCameAfterIt() {
        var one = registry("one");
        var other = registry("other");
        var id = newInstanceId();
        one.register(snapshot(id, "desk", 1, task("a", State.READY)));
        await().until(() -> other.upstream(id).isPresent());
        etcd().kill();
        etcd().backUp(directory.resolve("backup"));
        etcd().start();
        IntStream.rangeClosed(2, 20)
                .forEach(sequence -> awaitRegistered(one, snapshot(id, "desk", sequence, task("a", State.READY))));
        await().atMost(PATIENCE).until(() -> upstream(other, id).sequence() == 20);
        var before = other.position();

        etcd().kill();
        etcd().restore(directory.resolve("backup"));
        etcd().start();

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(stored(id).sequence()).isEqualTo(20);
            assertThat(List.of(one, other)).allSatisfy(registry -> {
                assertThat(registry.position().incarnation())
                        .isNotEqualTo(before.incarnation())
                        .isEqualTo(store.get(EtcdKeys.INCARNATION).orElseThrow().value());
                assertThat(registry.position().seen()).isLessThan(before.seen());
            });
        });
        awaitRegistered(one, snapshot(id, "desk", 21, task("b", State.READY)));
        await().atMost(PATIENCE).until(() -> upstream(other, id).sequence() == 21);
    }

    private static void awaitRegistered(EtcdRegistry registry, TaskSnapshot snapshot) {
        await().atMost(PATIENCE).ignoreException(RegistryUnavailable.class).until(() -> {
            registry.register(snapshot);
            return true;
        });
    }

    private Upstream stored(UUID id) {
        return Json.read(store.get(EtcdKeys.instance(id)).orElseThrow().value(), Upstream.class);
    }

    /** To the one who waits it looks as if nothing changed. */
    @Test
    void aWatchThatFellSilentIsNoticedWhileEtcdAnswers() throws IOException {
        try (var relay = new Relay(etcd().url())) {
            var behind = registry("behind", relay.url());
            var one = registry("one");
            var id = newInstanceId();
            one.register(snapshot(id, "desk", 1, task("a", State.READY)));
            await().atMost(PATIENCE).until(() -> behind.upstream(id).isPresent());

            relay.muteAnswers();
            one.register(snapshot(id, "desk", 2, task("b", State.READY)));

            await().atMost(PATIENCE).until(() -> upstream(behind, id).sequence() == 2);
            one.register(snapshot(id, "desk", 3, task("c", State.READY)));
            await().atMost(PATIENCE).until(() -> upstream(behind, id).sequence() == 3);
        }
    }

    /** etcd tells a watch nothing of what was compacted, so that all has to be read again. */
    @Test
    void whatWasCompactedWhileNobodyGotThroughIsReadInsteadOfHeard() throws IOException {
        try (var relay = new Relay(etcd().url())) {
            var behind = registry("behind", relay.url());
            var one = registry("one");
            var changed = newInstanceId();
            var removed = newInstanceId();
            one.register(snapshot(changed, "desk", 1, task("a", State.READY)));
            one.register(snapshot(removed, "gone", 1, task("a", State.READY)));
            await().atMost(PATIENCE)
                    .until(() -> behind.upstream(changed).isPresent()
                            && behind.upstream(removed).isPresent());

            relay.cut();
            one.register(snapshot(changed, "desk", 2, task("b", State.READY)));
            one.register(removed(removed, "gone", 2));
            var added = newInstanceId();
            one.register(snapshot(added, "new", 1, task("a", State.READY)));
            etcd().compact(store.get(EtcdKeys.instance(added)).orElseThrow().revision());
            relay.join();

            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(upstream(behind, changed).sequence()).isEqualTo(2);
                assertThat(upstream(behind, removed).removed()).isTrue();
                assertThat(behind.upstream(added)).isPresent();
            });
            one.register(snapshot(changed, "desk", 3, task("c", State.READY)));
            await().atMost(PATIENCE).until(() -> upstream(behind, changed).sequence() == 3);
        }
    }

    @Test
    void aWatchOfWhatWasCompactedIsToldOfAsBroken() throws Exception {
        var id = newInstanceId();
        var one = registry("one");
        one.register(snapshot(id, "desk", 1, task("a", State.READY)));
        long before = store.get(EtcdKeys.instance(id)).orElseThrow().revision();
        one.register(snapshot(id, "desk", 2, task("b", State.READY)));
        etcd().compact(store.get(EtcdKeys.instance(id)).orElseThrow().revision());
        var broken = new CountDownLatch(1);
        var watch = new LiveWatch(store, event -> {}, broken::countDown);

        watch.from(before);

        assertThat(broken.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        watch.close();
    }

    /** Of two states under one snapshot the later is restored, as the later snapshot is. */
    @Test
    void aPolicyThatWasLostAloneIsPutBack() {
        var registry = registry("one");
        var id = newInstanceId();
        registry.register(snapshot(id, "desk", 5, task("a", State.READY)));
        var earlier = store.get(EtcdKeys.instance(id)).orElseThrow().value();
        var sticky = new Policy(List.of(), Map.of("http", new Policy.Rules(true, 0, Policy.Limits.NONE, List.of())));
        registry.govern(id, sticky);

        store.commit(
                List.of(),
                List.of(EtcdStore.put(EtcdKeys.instance(id), earlier), EtcdStore.delete(EtcdKeys.INCARNATION)));

        await().untilAsserted(() -> assertThat(
                        Json.read(store.get(EtcdKeys.instance(id)).orElseThrow().value(), Upstream.class)
                                .policy())
                .isEqualTo(sticky));
        assertThat(upstream(registry, id).policy()).isEqualTo(sticky);
    }

    @Test
    void anAgentWhoseBalancerGoesOnIsHeardOfAsSilent() {
        var one = registry("one");
        var other = registry("other");
        other.agents().say(report("other"));
        await().untilAsserted(() -> assertThat(heard(one, "other"))
                .hasValueSatisfying(heard -> assertThat(heard.alive()).isTrue()));

        other.agents().fallSilent();

        await().untilAsserted(() -> assertThat(heard(one, "other"))
                .hasValueSatisfying(heard -> assertThat(heard.alive()).isFalse()));
        assertThat(store.get(EtcdKeys.agent("other"))).isPresent();
    }

    @Test
    void anAgentWhoseReportCannotBeReadIsWaitedFor() {
        var one = registry("one");

        store.commit(List.of(), List.of(EtcdStore.put(EtcdKeys.agent("broken"), "{\"id\":\"broken\"}")));

        await().untilAsserted(() -> assertThat(heard(one, "broken"))
                .hasValueSatisfying(heard -> assertThat(
                                heard.report().revisionIn(one.position().incarnation()))
                        .isZero()));
        var later = registry("later");
        await().until(() -> heard(later, "broken").isPresent());
    }

    /** Its balancer goes on, whatever etcd has forgotten. */
    @Test
    void lostDataTakesNoAgentThatIsWaitedFor() {
        var one = registry("one");
        var other = registry("other");
        for (int each = 0; each < 9; each++) {
            one.register(snapshot(newInstanceId(), "desk-" + each, 1, task("a", State.READY)));
        }
        other.agents().say(report("other"));
        await().until(() -> heard(one, "other").isPresent());
        other.stop();
        started.remove(other);
        var before = one.position();
        var positions = new ConcurrentLinkedQueue<EndpointRegistry.Position>();
        one.onChange(() -> positions.add(one.position()));
        etcd().kill();
        etcd().wipe();
        etcd().start();

        await().atMost(PATIENCE)
                .until(() -> !one.position().incarnation().equals(before.incarnation())
                        && one.position().seen() > 0);
        assertThat(heard(one, "other"))
                .hasValueSatisfying(heard -> assertThat(heard.alive()).isFalse());
        // What agents reported of the data before says nothing of this.
        assertThat(positions)
                .allMatch(position -> !position.incarnation().equals(before.incarnation())
                        || position.seen() == 0
                        || position.seen() >= before.seen());
        await().until(() -> heard(one, "other").isEmpty());
    }

    private static Optional<AgentReports.Heard> heard(EtcdRegistry registry, String agent) {
        return registry.agents().heard().stream()
                .filter(heard -> heard.report().id().equals(agent))
                .findFirst();
    }

    private static AgentReport report(String id) {
        return new AgentReport(id, Instant.now(), "", 0, "HAPROXY", "2.6", 0, Set.of(), 0, 0);
    }

    @Test
    void aDeletedRecordIsPutBack() {
        var registry = registry("one");
        var id = newInstanceId();
        registry.register(snapshot(id, "desk", 1, task("a", State.READY)));

        store.commit(List.of(), List.of(EtcdStore.delete(EtcdKeys.instance(id))));

        await().untilAsserted(() -> assertThat(store.get(EtcdKeys.instance(id))).isPresent());
        assertThat(upstream(registry, id).endpoints()).hasSize(1);
    }

    @Test
    void aStartWithoutEtcdKnowsWhatWasKnown() {
        var first = registry("one");
        var id = newInstanceId();
        first.register(snapshot(id, "desk", 1, task("a", State.READY)));
        first.stop();
        started.clear();
        etcd().kill();

        var second = registry("one");
        assertThat(upstream(second, id).endpoints()).hasSize(1);

        etcd().start();
        await().atMost(PATIENCE)
                .ignoreException(RegistryUnavailable.class)
                .untilAsserted(() ->
                        assertThat(store.list(EtcdKeys.ENDPOINTS).entries()).isEmpty());
        assertThat(vouched(second, id)).isFalse();
        // What it remembers may have ended meanwhile; only the scheduler knows.
        await().ignoreException(RegistryUnavailable.class)
                .untilAsserted(() -> second.register(snapshot(id, "desk", 1, task("a", State.READY))));
        confirm(second, id);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(vouched(second, id)).isTrue());
    }

    /** As somebody may write it by hand, a broken disk may leave it, or a later version may mean it. */
    @Test
    void aRecordThatCantBeReadIsPassedOverAndToldOfAndAllOthersGoOn(CapturedOutput output) {
        var watching = registry("watching");
        var before = newInstanceId();
        watching.register(snapshot(before, "before", 1, task("a", State.READY)));
        var whole = store.get(EtcdKeys.instance(before)).orElseThrow().value();
        var broken = broken(whole);

        broken.forEach(this::put);
        var after = newInstanceId();
        watching.register(snapshot(after, "after", 1, task("b", State.READY)));
        var starting = registry("starting");

        for (EtcdRegistry registry : List.of(watching, starting)) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(registry.upstreams())
                        .extracting(Upstream::instanceId)
                        .containsExactlyInAnyOrder(before, after);
                assertThat(registry.unreadable())
                        .extracting(UnreadableRecord::key)
                        .containsExactlyInAnyOrderElementsOf(broken.keySet());
            });
            // Also after all was read anew.
            registry.register(snapshot(after, "after", 2, task("b", State.READY), task("c", State.READY)));
            assertThat(upstream(registry, after).endpoints()).hasSize(2);
        }
        assertThat(output.getOut())
                .doesNotContain(MARK)
                .contains("/instances/of-nobody in etcd can't be read and is passed over");
        assertThat(output.getOut().split("/instances/of-nobody in etcd"))
                .as("one line of each process")
                .hasSize(3);
    }

    @Test
    void whatCantBeReadTakesNoRouteAwayAndIsntWrittenOver() {
        var one = registry("one");
        var id = newInstanceId();
        one.register(snapshot(id, "desk", 1, task("a", State.READY)));
        var whole = store.get(EtcdKeys.instance(id)).orElseThrow().value();
        var later = whole.replace("READY", "OF_A_LATER_VERSION");

        put(EtcdKeys.instance(id), later);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(one.unreadable())
                        .extracting(UnreadableRecord::key)
                        .containsExactly(EtcdKeys.instance(id)));
        one.stop();
        started.clear();
        var again = registry("one");

        assertThat(upstream(again, id).endpoints()).hasSize(1);
        assertThat(store.get(EtcdKeys.instance(id)).orElseThrow().value()).isEqualTo(later);
        put(EtcdKeys.instance(id), whole);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(again.unreadable()).isEmpty());
        put(EtcdKeys.instance(id), "{");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(again.unreadable()).hasSize(1));
        again.register(snapshot(id, "desk", 2, task("b", State.READY)));
        assertThat(stored(id).sequence()).isEqualTo(2);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(again.unreadable()).isEmpty());
    }

    /** Stands in all that can't be read and must not be told. */
    private static final String MARK = "sesame";

    /** By key, made of an instance's whole record. */
    private static Map<String, String> broken(String whole) {
        Map<String, String> broken = new LinkedHashMap<>();
        broken.put(EtcdKeys.INSTANCES + "of-nobody", whole.replace("READY", MARK));
        broken.put(EtcdKeys.INSTANCES + newInstanceId(), whole);
        List.of("instanceId", "tenant", "instanceName", "serviceType", "sequence", "changedAt", "routes", "endpoints")
                .forEach(field -> {
                    var key = EtcdKeys.instance(newInstanceId());
                    broken.put(key, another(whole, key).replace('"' + field + '"', "\"left out\""));
                });
        for (String value : List.of(
                "",
                "{",
                "null",
                "[]",
                '"' + MARK + '"',
                whole.substring(0, whole.length() / 2),
                whole + MARK,
                whole.replace("\"kind\":\"host\"", "\"kind\":\"" + MARK + '"'),
                whole.replace("\"state\":\"READY\"", "\"state\":\"" + MARK + '"'),
                whole.replace("\"state\":\"READY\"", "\"state\":null"),
                whole.replace("\"number\":31000", "\"number\":70000"),
                whole.replace("\"sequence\":1", "\"sequence\":\"" + MARK + '"'))) {
            var key = EtcdKeys.instance(newInstanceId());
            broken.put(key, another(value, key));
        }
        broken.put(EtcdKeys.ENDPOINTS + "acme/x/http/a", "null");
        broken.put(EtcdKeys.ENDPOINTS + "acme", "{\"taskId\":\"" + MARK);
        broken.put(EtcdKeys.AGENTS + "alive/%zz", "");
        broken.put(EtcdKeys.AGENTS + "reports/%", MARK);
        broken.put(EtcdKeys.AGENTS + "reports/half", "{\"id\":\"half\"}");
        broken.put(EtcdKeys.AGENTS + "reports/nothing", "null");
        broken.put(EtcdKeys.AGENTS + "drifts/edge", "[null]");
        broken.put(EtcdKeys.AGENTS + "certificates/edge", "[{}]");
        return broken;
    }

    /** The same record, of the instance that the key names. */
    private static String another(String record, String key) {
        return record.replaceFirst(
                "\"instanceId\":\"[0-9a-f-]+\"",
                "\"instanceId\":\"" + EtcdKeys.last(key).orElseThrow() + '"');
    }

    private void put(String key, String value) {
        store.commit(List.of(), List.of(EtcdStore.put(key, value)));
    }

    /** More than one etcd answer of the usual size holds, and than can be registered one by one while the lease lasts. */
    @Test
    void manyInstancesAreKnownAndVouchedForAtOnce() {
        var upstreams = IntStream.range(0, 10_000)
                .mapToObj(number -> new Upstream(
                        newInstanceId(),
                        "acme",
                        "desk-" + number,
                        "acd",
                        1,
                        Instant.EPOCH,
                        List.of(new Route.Host("http", "desk-" + number + ".acme.switchboard.localhost")),
                        List.of(new Endpoint("task-" + number, "http", "10.0.0.7", 31_002, State.READY)),
                        false))
                .toList();
        for (int from = 0; from < upstreams.size(); from += 100) {
            store.commit(
                    List.of(),
                    upstreams.subList(from, from + 100).stream()
                            .map(upstream ->
                                    EtcdStore.put(EtcdKeys.instance(upstream.instanceId()), Json.write(upstream)))
                            .toList());
        }
        // To write so many takes longer than a short lease lasts.
        var registry =
                registry("one", properties(etcd().url(), Duration.ofMillis(300), LONG_LEASE, Duration.ofSeconds(5)));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(upstreams)
                        .allMatch(upstream ->
                                registry.upstream(upstream.instanceId()).isPresent()));
        upstreams.forEach(upstream -> registry.register(snapshot(
                upstream.instanceId(),
                upstream.instanceName(),
                1,
                task(upstream.endpoints().getFirst().taskId(), State.READY))));
        var ids = upstreams.stream().map(Upstream::instanceId).toArray(UUID[]::new);
        await().atMost(PATIENCE).untilAsserted(() -> {
            confirm(registry, ids);
            assertThat(upstreams).allMatch(upstream -> vouched(registry, upstream.instanceId()));
        });
    }

    private static void confirm(EtcdRegistry registry, UUID... ids) {
        registry.confirm(Set.of(ids), System.nanoTime());
    }

    private static boolean vouched(EtcdRegistry registry, UUID id) {
        var upstream = upstream(registry, id);
        return upstream.endpoints().stream().noneMatch(endpoint -> registry.stale(upstream, endpoint));
    }

    private EtcdRegistry registry(String name) {
        return registry(name, etcd().url());
    }

    private EtcdRegistry registry(String name, String url) {
        return registry(name, properties(url, Duration.ofMillis(300)));
    }

    private EtcdRegistry registry(String name, EtcdProperties properties) {
        var registry =
                new EtcdRegistry(properties, Clock.systemUTC(), addressing(), new PublicPorts(PORTS), lastKnown(name));
        registry.start();
        started.add(registry);
        return registry;
    }

    private LastKnown lastKnown(String name) {
        return new LastKnown(directory.resolve(name + ".json"));
    }

    private static EtcdProperties properties(Duration auditEvery) {
        return properties(etcd().url(), auditEvery);
    }

    /** Short enough to see what comes of no answer, and long enough for a busy disk. */
    private static EtcdProperties properties(String url, Duration auditEvery) {
        return properties(url, auditEvery, Duration.ofSeconds(5));
    }

    private static EtcdProperties properties(String url, Duration auditEvery, Duration timeout) {
        return properties(url, auditEvery, SHORT_LEASE, timeout);
    }

    private static EtcdProperties properties(String url, Duration auditEvery, Duration lease, Duration timeout) {
        return new EtcdProperties(
                List.of(url),
                "",
                "",
                EtcdProperties.Tls.NONE,
                lease,
                lease.multipliedBy(2),
                timeout,
                auditEvery,
                Duration.ofHours(1),
                Path.of("unused"));
    }

    private static ServingTask revision(String id, long revision) {
        return new ServingTask(id, "127.0.0.1", Map.of("http", 31_000), State.READY, revision);
    }

    private static Addressing addressing() {
        return new Addressing("switchboard.localhost", "localhost", 8000);
    }

    private static Upstream upstream(EtcdRegistry registry, UUID id) {
        return registry.upstream(id).orElseThrow();
    }

    private static List<Integer> numbers(EtcdRegistry registry) {
        return registry.upstreams().stream()
                .flatMap(upstream -> upstream.routes().stream())
                .filter(Route.Port.class::isInstance)
                .map(route -> ((Route.Port) route).number())
                .toList();
    }

    private static ServingTask task(String id, State state) {
        return new ServingTask(id, "127.0.0.1", Map.of("http", 31_000, "sip", 31_001), state);
    }
}
