package io.switchboard.access;

import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.removed;
import static io.switchboard.access.testing.Examples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.jwt;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.switchboard.access.AccessTestBeans.SeenEvents;
import io.switchboard.access.AccessTestBeans.Snapshots;
import io.switchboard.access.balancer.AgentProcess;
import io.switchboard.access.testing.Programs;
import io.switchboard.access.testing.Task;
import io.switchboard.access.testing.Visitor;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/** A registrar without an HAProxy, and an agent as it is shipped, which has nothing but etcd and an HAProxy. */
@AccessTest
@TestPropertySource(properties = "access.agent.enabled=false")
class AgentOnlyTests {

    private static final String HOST = "edge.acme.switchboard.localhost";

    private final Snapshots snapshots;
    private final SeenEvents events;
    private final MockMvcTester mvc;
    private final String etcd;
    private final int port = FreePorts.next();
    private final int httpPort = FreePorts.next();
    private final UUID id = newInstanceId();

    @TempDir
    private Path directory;

    private @Nullable Process agent;

    AgentOnlyTests(
            Snapshots snapshots, SeenEvents events, MockMvcTester mvc, @Value("${access.etcd.endpoints}") String etcd) {
        this.snapshots = snapshots;
        this.events = events;
        this.mvc = mvc;
        this.etcd = etcd;
    }

    @BeforeEach
    void startAgent() throws IOException {
        int tcpPort = FreePorts.next();
        agent = AgentProcess.start(
                AccessApplication.class,
                output(),
                "--access.registrar.enabled=false",
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--access.etcd.endpoints=" + etcd,
                "--access.agent.id=edge",
                "--access.haproxy.binary=" + Programs.haproxy(),
                "--access.haproxy.directory=" + directory,
                "--access.haproxy.http-bind=127.0.0.1:" + httpPort,
                "--access.tcp.ports=" + tcpPort + "-" + tcpPort,
                "--access.kamailio.mode=none");
    }

    @AfterEach
    void endAgent() throws IOException {
        Objects.requireNonNull(agent).destroyForcibly().onExit().join();
        AgentProcess.killHaproxy(directory);
    }

    @Test
    void anAgentCarriesWhatTheRegistrarWritesWhichSaysSoForIt() throws Exception {
        try (var one = new Task("one")) {
            snapshots.publish(snapshot(id, "edge", 1, one.serving(State.READY)));

            await().untilAsserted(() -> assertThat(events.last(id)).hasValueSatisfying(event -> {
                assertThat(event.sequence()).isEqualTo(1);
                assertThat(event.readyTasks()).isEqualTo(1);
                assertThat(event.addresses())
                        .singleElement()
                        .satisfies(address -> assertThat(address.url()).startsWith("http://" + HOST));
            }));
            var visitor = new Visitor(httpPort);
            assertThat(visitor.get(HOST, "/").body()).isEqualTo("one");
            await().untilAsserted(() -> assertThat(get("/actuator/health")).satisfies(health -> {
                assertThat(health.statusCode()).isEqualTo(200);
                assertThat(health.body()).contains("\"UP\"");
            }));
            assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
            // It has no issuer, so nobody is anybody to it.
            assertThat(get("/api/v1/balancers").statusCode()).isEqualTo(401);
            assertThat(mvc.get().uri("/api/v1/balancers").with(operator()))
                    .hasStatusOk()
                    .bodyText()
                    .contains("\"edge\"", "IN_STEP");

            snapshots.publish(removed(id, "edge", 2));
            await().untilAsserted(() -> assertThat(events.last(id))
                    .hasValueSatisfying(event -> assertThat(event.removed()).isTrue()));
            assertThat(visitor.get(HOST, "/").statusCode()).isNotEqualTo(200);
            assertThat(Files.readString(output()))
                    .doesNotContain(" ERROR ")
                    .doesNotContain("wait for the broker")
                    .doesNotContain("the scheduler can't be asked");
        }
    }

    @Test
    void whatCantBeReadIsListedForOperators() throws Exception {
        var key = ByteSequence.from("/switchboard/v1/instances/half", StandardCharsets.UTF_8);
        try (var client = Client.builder().endpoints(etcd).build()) {
            client.getKVClient()
                    .put(key, ByteSequence.from("{\"te", StandardCharsets.UTF_8))
                    .get();

            await().untilAsserted(() -> assertThat(
                            mvc.get().uri("/api/v1/balancers/unreadable").with(operator()))
                    .hasStatusOk()
                    .bodyJson()
                    .extractingPath("$[0].key")
                    .isEqualTo("/switchboard/v1/instances/half"));
            client.getKVClient().delete(key).get();
            await().untilAsserted(() -> assertThat(
                            mvc.get().uri("/api/v1/balancers/unreadable").with(operator()))
                    .bodyJson()
                    .isEqualTo("[]"));
        }
    }

    private Path output() {
        return directory.resolve("agent.out");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static RequestPostProcessor operator() {
        return jwt().jwt(token -> token.subject("somebody").claim("roles", List.of("operator")))
                .authorities(new SimpleGrantedAuthority("ROLE_OPERATOR"));
    }
}
