package io.switchboard.access;

import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.removed;
import static io.switchboard.access.testing.Examples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.jwt;

import io.switchboard.access.AccessTestBeans.FakeScheduler;
import io.switchboard.access.AccessTestBeans.SeenEvents;
import io.switchboard.access.AccessTestBeans.Snapshots;
import io.switchboard.access.testing.Task;
import io.switchboard.access.testing.Visitor;
import io.switchboard.contracts.access.RouteEvent;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

@AccessTest
class AccessApplicationTests {

    private final Snapshots snapshots;
    private final SeenEvents events;
    private final FakeScheduler scheduler;
    private final MockMvcTester mvc;
    private final Visitor visitor;
    private final String bind;
    private final Path directory;

    AccessApplicationTests(
            Snapshots snapshots,
            SeenEvents events,
            FakeScheduler scheduler,
            MockMvcTester mvc,
            @Value("${access.haproxy.http-bind}") String bind,
            @Value("${access.haproxy.directory}") Path directory) {
        this.snapshots = snapshots;
        this.events = events;
        this.scheduler = scheduler;
        this.directory = directory;
        this.mvc = mvc;
        this.bind = bind;
        this.visitor = new Visitor(Integer.parseInt(bind.split(":")[1]));
    }

    @Test
    void aSnapshotBecomesARouteThatAnswersAndIsAnnounced() {
        var id = newInstanceId();
        try (var task = new Task("task-1")) {
            snapshots.publish(snapshot(id, "hotline", 3, task.serving(State.READY)));

            var event = awaitEvent(id, 3);
            assertThat(event.tenant()).isEqualTo("acme");
            assertThat(event.readyTasks()).isEqualTo(1);
            assertThat(event.addresses())
                    .singleElement()
                    .satisfies(address -> assertThat(address.url())
                            .isEqualTo("http://hotline.acme.switchboard.localhost:" + bind.split(":")[1]));
            assertThat(visitor.get("hotline.acme.switchboard.localhost", "/").body())
                    .isEqualTo("task-1");

            snapshots.publish(removed(id, "hotline", 4));

            assertThat(awaitEvent(id, 4).removed()).isTrue();
            assertThat(visitor.get("hotline.acme.switchboard.localhost", "/").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void routesAreShownToTheirTenantAndNobodyElse() {
        var id = newInstanceId();
        try (var task = new Task("task-1")) {
            snapshots.publish(snapshot(id, "sales", 1, task.serving(State.READY)));
            awaitEvent(id, 1);

            assertThat(mvc.get().uri("/api/v1/routes/{id}", id).with(tenant("acme")))
                    .hasStatusOk()
                    .bodyJson()
                    .extractingPath("$.endpoints[0].state")
                    .isEqualTo("READY");
            assertThat(mvc.get().uri("/api/v1/routes/{id}", id).with(tenant("globex")))
                    .hasStatus(404)
                    .bodyJson()
                    .extractingPath("$.code")
                    .isEqualTo("NOT_FOUND");
            assertThat(mvc.get().uri("/api/v1/routes").with(tenant("globex")))
                    .bodyJson()
                    .extractingPath("$")
                    .asArray()
                    .isEmpty();
            assertThat(mvc.get().uri("/api/v1/routes/{id}", id)).hasStatus(401);
            snapshots.publish(removed(id, "sales", 2));
            awaitEvent(id, 2);
            assertThat(mvc.get().uri("/api/v1/routes/{id}", id).with(tenant("acme")))
                    .hasStatus(404);
        }
    }

    @Test
    void aTenantSaysHowItsRoutesTreatCallers() {
        var id = newInstanceId();
        try (var task = new Task("task-1")) {
            snapshots.publish(snapshot(id, "lobby", 1, task.serving(State.READY)));
            awaitEvent(id, 1);
            assertThat(policy(id, "acme", mvc.get())).hasStatusOk().bodyJson().isStrictlyEqualTo("""
                            {"instanceId":"%s","shares":[],"ports":{},"serverNames":{},
                             "traffic":[{"revision":0,"readyTasks":1,"percent":100.0}]}
                            """.formatted(id));

            var said = """
                    {"shares":[{"revision":4,"percent":10}],
                     "ports":{"http":{"sticky":true,"limits":{"perSecond":500},"allow":["203.0.113.0/24"]}}}
                    """;
            assertThat(policy(id, "globex", mvc.put().content(said))).hasStatus(404);
            assertThat(policy(id, "acme", mvc.put().content(said)))
                    .hasStatusOk()
                    .bodyJson()
                    .isLenientlyEqualTo(said);
            await().untilAsserted(() -> assertThat(
                            visitor.get("lobby.acme.switchboard.localhost", "/").statusCode())
                    .isEqualTo(403));

            // Whatever the scheduler tells of tasks, it stays.
            snapshots.publish(snapshot(id, "lobby", 2, task.serving(State.READY)));
            awaitEvent(id, 2);
            assertThat(policy(id, "acme", mvc.get())).bodyJson().isLenientlyEqualTo(said);
            assertThat(visitor.get("lobby.acme.switchboard.localhost", "/").statusCode())
                    .isEqualTo(403);

            assertThat(policy(id, "acme", mvc.put().content("{}"))).hasStatusOk();
            await().untilAsserted(() -> assertThat(
                            visitor.get("lobby.acme.switchboard.localhost", "/").statusCode())
                    .isEqualTo(200));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'shares':[{'revision':4,'percent':60},{'revision':5,'percent':41}]} | shares",
                "{'shares':[{'revision':4,'percent':6},{'revision':4,'percent':4}]} | shares",
                "{'shares':[{'revision':0,'percent':6}]} | shares[0].revision",
                "{'ports':{'sip':{}}} | ports",
                "{'ports':{'http':{'allow':['10.0.0.0/8','all']}}} | ports.http.allow",
                "{'ports':{'http':{'tlsPassthrough':true}}} | ports.http.tlsPassthrough",
                "{'ports':{'http':{'limits':{'connections':0}}}} | ports[http].limits.connections"
            })
    void aPolicyThatMakesNoSenseIsRefusedByItsField(String said, String field) {
        var id = newInstanceId();
        try (var task = new Task("task-1")) {
            snapshots.publish(snapshot(id, "gate", 1, task.serving(State.READY)));
            awaitEvent(id, 1);

            assertThat(policy(id, "acme", mvc.put().content(said.replace('\'', '"'))))
                    .hasStatus(400)
                    .bodyJson()
                    .extractingPath("$.errors[0].field")
                    .isEqualTo(field);
            snapshots.publish(removed(id, "gate", 2));
            awaitEvent(id, 2);
        }
    }

    private MockMvcTester.MockMvcRequestBuilder policy(
            UUID id, String tenant, MockMvcTester.MockMvcRequestBuilder request) {
        return request.uri("/api/v1/routes/{id}/policy", id)
                .contentType(MediaType.APPLICATION_JSON)
                .with(tenant(tenant));
    }

    @Test
    void balancersAreShownToOperatorsOnly() {
        assertThat(mvc.get().uri("/api/v1/balancers")).hasStatus(401);
        assertThat(mvc.get().uri("/api/v1/balancers").with(tenant("acme")))
                .hasStatus(403)
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo("FORBIDDEN");
    }

    @Test
    void whatSomebodyDidToHaproxyIsPutRightAndReported() throws IOException {
        var id = newInstanceId();
        try (var task = new Task("task-1")) {
            snapshots.publish(snapshot(id, "front", 1, task.serving(State.READY)));
            awaitEvent(id, 1);

            tell(
                    directory.resolve("admin.sock"),
                    "del map " + directory.resolve("host.map") + " front.acme.switchboard.localhost");

            await().untilAsserted(() -> {
                var answer = mvc.get().uri("/api/v1/balancers/drifts").with(operator());
                assertThat(answer).hasStatusOk().bodyText().contains("host front.acme.switchboard.localhost");
                assertThat(answer).bodyJson().extractingPath("$[0].repairedAt").isNotNull();
            });
            assertThat(visitor.get("front.acme.switchboard.localhost", "/").body())
                    .isEqualTo("task-1");
            snapshots.publish(removed(id, "front", 2));
            awaitEvent(id, 2);
        }
    }

    @Test
    void trafficIsShownToItsTenantAndNobodyElse() {
        var id = newInstanceId();
        try (var task = new Task("task-1")) {
            snapshots.publish(snapshot(id, "busy", 1, task.serving(State.READY)));
            awaitEvent(id, 1);
            await().untilAsserted(() -> assertThat(traffic(id, "acme"))
                    .bodyJson()
                    .extractingPath("$[0].sessions")
                    .isEqualTo(0));

            for (int times = 0; times < 7; times++) {
                visitor.get("busy.acme.switchboard.localhost", "/");
            }

            await().untilAsserted(() -> assertThat(traffic(id, "acme"))
                    .bodyJson()
                    .satisfies(json -> {
                        json.assertThat().extractingPath("$[0].route").isEqualTo("busy.acme.switchboard.localhost");
                        json.assertThat().extractingPath("$[0].sessions").isEqualTo(7);
                        json.assertThat().extractingPath("$[0].answers2xx").isEqualTo(7);
                        json.assertThat().extractingPath("$[0].answers5xx").isEqualTo(0);
                    }));
            assertThat(mvc.get().uri("/api/v1/traffic/metrics").with(tenant("acme")))
                    .hasStatusOk()
                    .hasContentTypeCompatibleWith("text/plain")
                    .bodyText()
                    .containsPattern("switchboard_route_sessions_total\\{[^}]*instance_name=\"busy\"[^}]*\\} 7.0");
            assertThat(traffic(id, "globex"))
                    .bodyJson()
                    .extractingPath("$")
                    .asArray()
                    .isEmpty();
            assertThat(mvc.get().uri("/api/v1/traffic/metrics").with(tenant("globex")))
                    .hasStatusOk()
                    .bodyText()
                    .doesNotContain("busy");
            snapshots.publish(removed(id, "busy", 2));
            awaitEvent(id, 2);
        }
    }

    @Test
    void whoServesAnAddressIsShownToItsTenantAndNobodyElse() {
        var id = newInstanceId();
        try (var one = new Task("task-1");
                var two = new Task("task-2")) {
            snapshots.publish(snapshot(id, "shift", 1, one.serving(State.READY)));
            awaitEvent(id, 1);
            snapshots.publish(snapshot(id, "shift", 2, two.serving(State.READY)));
            awaitEvent(id, 2);

            assertThat(history("http://shift.acme.switchboard.localhost:8000", "acme"))
                    .hasStatusOk()
                    .bodyJson()
                    .satisfies(json -> {
                        json.assertThat()
                                .extractingPath("$[*].taskId")
                                .asArray()
                                .containsExactly("task-2", "task-1");
                        json.assertThat().doesNotHavePath("$[0].until");
                        json.assertThat().hasPath("$[1].until");
                    });
            assertThat(history("shift.acme.switchboard.localhost", "globex"))
                    .bodyJson()
                    .extractingPath("$")
                    .asArray()
                    .isEmpty();
            assertThat(history("no address", "acme"))
                    .hasStatus(400)
                    .bodyJson()
                    .extractingPath("$.errors[0].field")
                    .isEqualTo("address");
            snapshots.publish(removed(id, "shift", 3));
            awaitEvent(id, 3);
        }
    }

    private MvcTestResult history(String address, String tenant) {
        return mvc.get()
                .uri("/api/v1/routes/history?address={address}", address)
                .with(tenant(tenant))
                .exchange();
    }

    private MvcTestResult traffic(UUID id, String tenant) {
        return mvc.get()
                .uri("/api/v1/traffic?instanceId={id}", id)
                .with(tenant(tenant))
                .exchange();
    }

    private static void tell(Path socket, String command) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
            Channels.newInputStream(channel).readAllBytes();
        }
    }

    @Test
    void aLostSnapshotComesWithTheNextResyncAndALostEventIsSentAgain() {
        var id = newInstanceId();
        try (var task = new Task("task-1")) {
            scheduler.answers(List.of(snapshot(id, "archive", 5, task.serving(State.READY))));

            awaitEvent(id, 5);
            await().untilAsserted(() -> assertThat(events.of(id)).hasSizeGreaterThan(1));
            assertThat(visitor.get("archive.acme.switchboard.localhost", "/").body())
                    .isEqualTo("task-1");
        }
    }

    @Test
    void aKilledHaproxyIsBackInSeconds() throws IOException {
        var id = newInstanceId();
        try (var task = new Task("task-1")) {
            snapshots.publish(snapshot(id, "night", 1, task.serving(State.READY)));
            awaitEvent(id, 1);
            var master = ProcessHandle.of(Long.parseLong(
                            Files.readString(directory.resolve("haproxy.pid")).strip()))
                    .orElseThrow();

            master.descendants().forEach(ProcessHandle::destroyForcibly);
            master.destroyForcibly();

            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(visitor.get("night.acme.switchboard.localhost", "/")
                                    .body())
                            .isEqualTo("task-1"));
        }
    }

    @Test
    void aSnapshotThatCannotBeRoutedHindersNobody() {
        var id = newInstanceId();
        try (var task = new Task("task-1")) {
            snapshots.publish(snapshot(newInstanceId(), "no host\nname", 1, task.serving(State.READY)));
            snapshots.publish(snapshot(id, "plain", 1, task.serving(State.READY)));

            awaitEvent(id, 1);
        }
    }

    private RouteEvent awaitEvent(UUID id, long sequence) {
        return await().until(
                        () -> events.last(id),
                        last -> last.filter(event -> event.sequence() == sequence)
                                .isPresent())
                .orElseThrow();
    }

    private static RequestPostProcessor operator() {
        return jwt().jwt(token -> token.subject("somebody").claim("roles", List.of("operator")))
                .authorities(new SimpleGrantedAuthority("ROLE_OPERATOR"));
    }

    private static RequestPostProcessor tenant(String tenant) {
        return jwt().jwt(token ->
                        token.subject("somebody").claim("tenant", tenant).claim("roles", List.of("tenant")))
                .authorities(new SimpleGrantedAuthority("ROLE_TENANT"));
    }
}
