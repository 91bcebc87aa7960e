package io.switchboard.access;

import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.removed;
import static io.switchboard.access.testing.Examples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.jwt;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.access.AccessTestBeans.SeenBalancerEvents;
import io.switchboard.access.AccessTestBeans.SeenEvents;
import io.switchboard.access.AccessTestBeans.Snapshots;
import io.switchboard.access.balancer.AgentProcess;
import io.switchboard.access.testing.Task;
import io.switchboard.access.testing.Visitor;
import io.switchboard.contracts.access.BalancerEvent;
import io.switchboard.contracts.access.BalancersApi.BalancerView;
import io.switchboard.contracts.access.BalancersApi.Standing;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import tools.jackson.databind.json.JsonMapper;

/** The service's own HAProxy, and one of an agent in another process, on the same keys. */
@AccessTest
@ExtendWith(OutputCaptureExtension.class)
class SeveralBalancersTests {

    private static final String HOST = "both.acme.switchboard.localhost";

    private final Snapshots snapshots;
    private final SeenEvents events;
    private final SeenBalancerEvents balancerEvents;
    private final MockMvcTester mvc;
    private final MeterRegistry meters;
    private final JsonMapper json;
    private final String etcd;
    private final int httpPort = FreePorts.next();
    private final String other = AgentProcess.id(httpPort);
    private final UUID id = newInstanceId();

    @TempDir
    private Path directory;

    private @Nullable Process agent;

    SeveralBalancersTests(
            Snapshots snapshots,
            SeenEvents events,
            SeenBalancerEvents balancerEvents,
            MockMvcTester mvc,
            MeterRegistry meters,
            JsonMapper json,
            @Value("${access.etcd.endpoints}") String etcd) {
        this.snapshots = snapshots;
        this.events = events;
        this.balancerEvents = balancerEvents;
        this.mvc = mvc;
        this.meters = meters;
        this.json = json;
        this.etcd = etcd;
    }

    @BeforeEach
    void startAnother() throws IOException {
        int tcpPort = FreePorts.next();
        agent = AgentProcess.start(
                AgentProcess.class,
                directory.resolve("agent.out"),
                etcd,
                directory.toString(),
                Integer.toString(httpPort),
                tcpPort + "-" + tcpPort);
    }

    @AfterEach
    void endTheOther() throws IOException {
        another().destroyForcibly().onExit().join();
        AgentProcess.killHaproxy(directory);
    }

    private Process another() {
        return Objects.requireNonNull(agent);
    }

    @Test
    void aChangeIsAnnouncedOnceAllCarryItAndWhoLagsIsReported(CapturedOutput output) throws Exception {
        try (var one = new Task("one");
                var two = new Task("two")) {
            anAgentOfALaterVersionIsListed();
            awaitStanding(Standing.IN_STEP);
            snapshots.publish(snapshot(id, "both", 1, one.serving(State.READY)));
            awaitAnnounced(1);
            var visitor = new Visitor(httpPort);
            assertThat(visitor.get(HOST, "/").body()).isEqualTo("one");
            assertThat(view().orElseThrow()).satisfies(view -> {
                assertThat(view.version()).startsWith("2.");
                assertThat(view.revision()).isGreaterThanOrEqualTo(view.newest());
                assertThat(view.behindMillis()).isZero();
            });

            signal("STOP");
            snapshots.publish(snapshot(id, "both", 2, two.serving(State.READY)));
            awaitStanding(Standing.BEHIND);
            assertThat(view().orElseThrow()).satisfies(view -> {
                assertThat(view.revision()).isLessThan(view.newest());
                assertThat(view.behindMillis()).isGreaterThanOrEqualTo(500);
            });
            assertThat(meters.get("access.balancers")
                            .tag("standing", "BEHIND")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(meters.get("access.balancers.behind").gauge().value()).isGreaterThanOrEqualTo(0.5);
            assertThat(output).contains("balancer " + other + " is behind");
            awaitEvent(Standing.BEHIND);
            assertThat(visitor.get(HOST, "/").body()).isEqualTo("one");
            // Its task must not be stopped: the other HAProxy still sends callers there.
            assertThat(events.last(id).orElseThrow().sequence()).isEqualTo(1);

            signal("CONT");
            awaitAnnounced(2);
            assertThat(visitor.get(HOST, "/").body()).isEqualTo("two");
            awaitEvent(Standing.IN_STEP);

            // In good order; its HAProxy goes on.
            signal("TERM");
            awaitEvent(Standing.SILENT);
            assertThat(visitor.get(HOST, "/").body()).isEqualTo("two");
            snapshots.publish(removed(id, "both", 3));
            // It is forgotten in the end, and waited for no more.
            awaitAnnounced(3);
            assertThat(view()).isEmpty();
        }
    }

    private void anAgentOfALaterVersionIsListed() throws Exception {
        var key = ByteSequence.from("/switchboard/v1/agents/reports/later", StandardCharsets.UTF_8);
        var report = """
                {"id":"later","startedAt":"2026-11-24T07:00:00Z","incarnation":"","revision":0,"mode":"LATER","version":"",
                 "instances":0,"refused":[],"repairs":0}""";
        try (var client = Client.builder().endpoints(etcd).build()) {
            client.getKVClient()
                    .put(key, ByteSequence.from(report, StandardCharsets.UTF_8))
                    .get();
            await().untilAsserted(
                            () -> assertThat(mvc.get().uri("/api/v1/balancers").with(operator()))
                                    .hasStatusOk()
                                    .bodyText()
                                    .contains("\"later\""));
            client.getKVClient().delete(key).get();
            await().untilAsserted(
                            () -> assertThat(mvc.get().uri("/api/v1/balancers").with(operator()))
                                    .bodyText()
                                    .doesNotContain("\"later\""));
        }
    }

    private void awaitAnnounced(long sequence) {
        await().untilAsserted(() -> assertThat(events.last(id))
                .hasValueSatisfying(event -> assertThat(event.sequence()).isEqualTo(sequence)));
    }

    private void awaitStanding(Standing standing) {
        await().untilAsserted(() -> assertThat(view())
                .hasValueSatisfying(view -> assertThat(view.standing()).isEqualTo(standing)));
    }

    private void awaitEvent(Standing standing) {
        await().untilAsserted(() -> assertThat(balancerEvents.of(other))
                .last()
                .extracting(BalancerEvent::standing)
                .isEqualTo(standing));
    }

    private Optional<BalancerView> view() throws IOException {
        var answer = mvc.get().uri("/api/v1/balancers").with(operator()).exchange();
        assertThat(answer).hasStatusOk();
        List<BalancerView> views = json.readerForListOf(BalancerView.class)
                .readValue(answer.getResponse().getContentAsString());
        assertThat(views).hasSizeLessThanOrEqualTo(2);
        return views.stream().filter(view -> view.id().equals(other)).findFirst();
    }

    private void signal(String name) throws Exception {
        assertThat(new ProcessBuilder(
                                "kill", "-" + name, Long.toString(another().pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static RequestPostProcessor operator() {
        return jwt().jwt(token -> token.subject("somebody").claim("roles", List.of("operator")))
                .authorities(new SimpleGrantedAuthority("ROLE_OPERATOR"));
    }
}
