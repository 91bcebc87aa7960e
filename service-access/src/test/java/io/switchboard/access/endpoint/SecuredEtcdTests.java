package io.switchboard.access.endpoint;

import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.PublicPorts;
import io.switchboard.access.testing.Certificate;
import io.switchboard.access.testing.Etcd;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An etcd that lets in only whom it knows, and no further than to our keys. */
class SecuredEtcdTests {

    private static final String ROOT_PASSWORD = "of root in this test";
    private static final String PASSWORD = "of services in this test";
    private static final Addressing ADDRESSING = new Addressing("switchboard.localhost", "localhost", 8000);
    private static final PublicPorts PORTS = new PublicPorts(new PortRange(22_000, 22_019));
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void theRegistryLogsInAndGoesOnAfterEtcdForgotItsLogin() throws Exception {
        try (var etcd = new Etcd(directory)) {
            protect(etcd);
            var properties = properties(etcd, "services", PASSWORD, EtcdProperties.Tls.NONE);
            var one = registry(properties, "one");
            var other = registry(properties, "other");
            try {
                var before = newInstanceId();
                one.register(snapshot(before, "before", 1, task()));
                await().untilAsserted(() -> assertThat(other.upstream(before)).isPresent());

                // Its tokens live in memory: each login is gone.
                etcd.kill();
                etcd.start();

                var after = newInstanceId();
                await().atMost(PATIENCE)
                        .ignoreException(RegistryUnavailable.class)
                        .untilAsserted(() -> {
                            one.register(snapshot(after, "after", 1, task()));
                            assertThat(other.upstream(after)).isPresent();
                        });
                await().atMost(PATIENCE).untilAsserted(() -> {
                    one.confirm(Set.of(before, after), System.nanoTime());
                    var upstream = other.upstream(before).orElseThrow();
                    assertThat(upstream.endpoints()).noneMatch(endpoint -> other.stale(upstream, endpoint));
                });
            } finally {
                one.stop();
                other.stop();
            }
        }
    }

    /** As beside an HAProxy on a machine of its own: etcd itself refuses whatever else it would write. */
    @Test
    void whoOnlyReadsReportsAndWritesNothingElse() throws Exception {
        try (var etcd = new Etcd(directory);
                var store = new EtcdStore(properties(etcd, "services", PASSWORD, EtcdProperties.Tls.NONE))) {
            protect(etcd);
            var registrar = registry(properties(etcd, "services", PASSWORD, EtcdProperties.Tls.NONE), "registrar");
            var reader = EtcdRegistry.readOnly(
                    properties(etcd, "agent", PASSWORD, EtcdProperties.Tls.NONE),
                    Clock.systemUTC(),
                    ADDRESSING,
                    PORTS,
                    new LastKnown(directory.resolve("reader.json")));
            reader.start();
            try {
                var id = newInstanceId();
                registrar.register(snapshot(id, "desk", 1, task()));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(reader.upstream(id)).isPresent());
                registrar.stop();

                store.commit(List.of(), List.of(EtcdStore.deleteAll(EtcdKeys.ROOT)));
                reader.agents().say(new AgentReport("edge", Instant.now(), "", 0, "HAPROXY", "", 1, Set.of(), 0, 0));

                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        store.list(EtcdKeys.ROOT).entries())
                                .extracting(EtcdStore.Entry::key)
                                .containsExactlyInAnyOrder(EtcdKeys.agent("edge"), EtcdKeys.agentAlive("edge")));
                assertThat(reader.upstream(id)).isPresent();
                assertThatExceptionOfType(IllegalStateException.class)
                        .isThrownBy(() -> reader.register(snapshot(id, "desk", 2, task())));

                var again = registry(properties(etcd, "services", PASSWORD, EtcdProperties.Tls.NONE), "registrar");
                try {
                    // It puts back what it knew, and goes on telling.
                    await().atMost(PATIENCE)
                            .ignoreException(RegistryUnavailable.class)
                            .untilAsserted(() -> {
                                again.register(snapshot(id, "desk", 3, task()));
                                assertThat(reader.upstream(id).orElseThrow().sequence())
                                        .isEqualTo(3);
                            });
                } finally {
                    again.stop();
                }
            } finally {
                reader.stop();
            }
        }
    }

    @Test
    void whoDoesNotLogInOrLeavesOurKeysIsRefused() throws Exception {
        try (var etcd = new Etcd(directory)) {
            protect(etcd);
            assertRefused(properties(etcd, "", "", EtcdProperties.Tls.NONE), EtcdKeys.ROOT + "x");
            assertRefused(properties(etcd, "services", "guessed", EtcdProperties.Tls.NONE), EtcdKeys.ROOT + "x");
            assertRefused(properties(etcd, "services", PASSWORD, EtcdProperties.Tls.NONE), "/elsewhere");
        }
    }

    @Test
    void itSpeaksTlsAndShowsItsCertificate() throws Exception {
        var server = Certificate.in(directory, "etcd");
        var client = Certificate.in(directory, "access");
        try (var etcd = new Etcd(
                directory,
                "https",
                "--cert-file=" + server.certificate(),
                "--key-file=" + server.key(),
                "--client-cert-auth",
                "--trusted-ca-file=" + client.certificate())) {
            var known = new EtcdProperties.Tls(server.certificate(), client.certificate(), client.key());
            try (var store = new EtcdStore(properties(etcd, "", "", known))) {
                await().atMost(PATIENCE)
                        .ignoreException(RegistryUnavailable.class)
                        .until(() -> store.commit(List.of(), List.of(EtcdStore.put("/a", "b"))));
                assertThat(store.get("/a"))
                        .hasValueSatisfying(entry -> assertThat(entry.value()).isEqualTo("b"));
            }

            assertRefused(properties(etcd, "", "", new EtcdProperties.Tls(server.certificate(), null, null)), "/a");
            assertRefused(
                    properties(
                            etcd,
                            "",
                            "",
                            new EtcdProperties.Tls(client.certificate(), client.certificate(), client.key())),
                    "/a");
        }
    }

    private static void assertRefused(EtcdProperties properties, String key) {
        try (var store = new EtcdStore(properties)) {
            assertThatExceptionOfType(RegistryUnavailable.class)
                    .isThrownBy(() -> store.commit(List.of(), List.of(EtcdStore.put(key, "mine"))));
        }
    }

    private static void protect(Etcd etcd) throws Exception {
        try (var client = Client.builder().endpoints(etcd.url()).build()) {
            var users = client.getAuthClient();
            users.userAdd(bytes("root"), bytes(ROOT_PASSWORD)).get(60, TimeUnit.SECONDS);
            users.roleAdd(bytes("root")).get(60, TimeUnit.SECONDS);
            users.userGrantRole(bytes("root"), bytes("root")).get(60, TimeUnit.SECONDS);
            users.userAdd(bytes("services"), bytes(PASSWORD)).get(60, TimeUnit.SECONDS);
            users.roleAdd(bytes("switchboard")).get(60, TimeUnit.SECONDS);
            users.roleGrantPermission(
                            bytes("switchboard"),
                            bytes("/switchboard/v1/"),
                            bytes("/switchboard/v10"),
                            Permission.Type.READWRITE)
                    .get(60, TimeUnit.SECONDS);
            users.userGrantRole(bytes("services"), bytes("switchboard")).get(60, TimeUnit.SECONDS);
            users.userAdd(bytes("agent"), bytes(PASSWORD)).get(60, TimeUnit.SECONDS);
            users.roleAdd(bytes("switchboard-agent")).get(60, TimeUnit.SECONDS);
            users.roleGrantPermission(
                            bytes("switchboard-agent"),
                            bytes("/switchboard/v1/"),
                            bytes("/switchboard/v10"),
                            Permission.Type.READ)
                    .get(60, TimeUnit.SECONDS);
            users.roleGrantPermission(
                            bytes("switchboard-agent"),
                            bytes("/switchboard/v1/agents/"),
                            bytes("/switchboard/v1/agents0"),
                            Permission.Type.READWRITE)
                    .get(60, TimeUnit.SECONDS);
            users.userGrantRole(bytes("agent"), bytes("switchboard-agent")).get(60, TimeUnit.SECONDS);
            users.authEnable().get(60, TimeUnit.SECONDS);
        }
    }

    private EtcdRegistry registry(EtcdProperties properties, String name) {
        var registry = new EtcdRegistry(
                properties, Clock.systemUTC(), ADDRESSING, PORTS, new LastKnown(directory.resolve(name + ".json")));
        registry.start();
        return registry;
    }

    private static EtcdProperties properties(Etcd etcd, String username, String password, EtcdProperties.Tls tls) {
        return new EtcdProperties(
                List.of(etcd.url()),
                username,
                password,
                tls,
                Duration.ofSeconds(2),
                Duration.ofSeconds(4),
                Duration.ofSeconds(2),
                Duration.ofMillis(300),
                Duration.ofHours(1),
                Path.of("unused"));
    }

    private static ServingTask task() {
        return new ServingTask("a", "127.0.0.1", Map.of("http", 31_000), State.READY);
    }

    private static ByteSequence bytes(String text) {
        return EtcdStore.bytes(text);
    }
}
