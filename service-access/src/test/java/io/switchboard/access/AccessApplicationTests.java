package io.switchboard.access;

import static io.switchboard.access.testing.Examples.HTTP;
import static io.switchboard.access.testing.Examples.SIP_UDP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.of;
import static io.switchboard.access.testing.Examples.removed;
import static io.switchboard.access.testing.Examples.snapshot;
import static io.switchboard.access.testing.Examples.withPorts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.jwt;

import io.switchboard.access.AccessTestBeans.FakeScheduler;
import io.switchboard.access.AccessTestBeans.SeenEvents;
import io.switchboard.access.AccessTestBeans.Snapshots;
import io.switchboard.access.testing.Certificate;
import io.switchboard.access.testing.Dns;
import io.switchboard.access.testing.SipPeer;
import io.switchboard.access.testing.Task;
import io.switchboard.access.testing.Visitor;
import io.switchboard.contracts.access.RouteEvent;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import tools.jackson.databind.json.JsonMapper;

@AccessTest
class AccessApplicationTests {

    private final Snapshots snapshots;
    private final SeenEvents events;
    private final FakeScheduler scheduler;
    private final MockMvcTester mvc;
    private final Visitor visitor;
    private final String bind;
    private final Path directory;
    private final int resolverPort;

    AccessApplicationTests(
            Snapshots snapshots,
            SeenEvents events,
            FakeScheduler scheduler,
            MockMvcTester mvc,
            @Value("${access.haproxy.http-bind}") String bind,
            @Value("${access.haproxy.directory}") Path directory,
            @Value("${access.domains.resolvers}") String resolver) {
        this.snapshots = snapshots;
        this.events = events;
        this.scheduler = scheduler;
        this.directory = directory;
        this.mvc = mvc;
        this.bind = bind;
        this.resolverPort = Integer.parseInt(resolver.split(":")[1]);
        this.visitor = new Visitor(Integer.parseInt(bind.split(":")[1]));
    }

    @Test
    void itIsReadyWhileEtcdAnswers() {
        await().untilAsserted(() -> assertThat(
                        mvc.get().uri("/actuator/health/readiness").with(operator()))
                .hasStatusOk()
                .bodyText()
                .contains("\"UP\""));
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
    void aPortOfSipOverUdpIsReachedByItsDomain() {
        var id = newInstanceId();
        try (var task = SipPeer.task("task-1");
                var caller = SipPeer.caller()) {
            snapshots.publish(withPorts(snapshot(id, "trunk", 1, task.serving(State.READY)), SIP_UDP));

            var url = awaitEvent(id, 1).addresses().getFirst().url();
            assertThat(url).matches("sip:trunk\\.acme\\.switchboard\\.localhost:\\d+;transport=udp");
            int port = Integer.parseInt(url.replaceAll(".*:(\\d+);.*", "$1"));
            assertThat(caller.ask(port, "OPTIONS", "trunk.acme.switchboard.localhost", "call-1"))
                    .startsWith("SIP/2.0 200")
                    .contains("Server: task-1");
            assertThat(mvc.get()
                            .uri("/api/v1/routes/history")
                            .param("address", url)
                            .with(tenant("acme")))
                    .bodyJson()
                    .extractingPath("$[0].taskId")
                    .isEqualTo("task-1");
            assertThat(policy(id, "acme", mvc.put().content("""
                            {"ports":{"sip":{"sticky":true,"tunnelSeconds":9,"tlsPassthrough":true,"proxyProtocol":true,
                             "limits":{"connections":1,"connectionsPerSource":1,"perSecond":1,"perSecondPerSource":1}}}}
                            """)))
                    .hasStatus(400)
                    .bodyJson()
                    .extractingPath("$.errors[*].field")
                    .asArray()
                    .containsExactlyInAnyOrder(
                            "ports.sip.sticky",
                            "ports.sip.tunnelSeconds",
                            "ports.sip.tlsPassthrough",
                            "ports.sip.proxyProtocol",
                            "ports.sip.limits.connections",
                            "ports.sip.limits.connectionsPerSource");
            assertThat(policy(id, "acme", mvc.put().content("""
                            {"ports":{"sip":{"allow":["203.0.113.0/24"],"limits":{"perSecond":500,"perSecondPerSource":50}}}}
                            """))).hasStatusOk();
            await().untilAsserted(
                            () -> assertThat(caller.ask(port, "OPTIONS", "trunk.acme.switchboard.localhost", "call-2"))
                                    .startsWith("SIP/2.0 403"));

            snapshots.publish(removed(id, "trunk", 2));
            awaitEvent(id, 2);
            assertThat(caller.ask(port, "OPTIONS", "trunk.acme.switchboard.localhost", "call-1"))
                    .startsWith("SIP/2.0 404");
        }
    }

    @Test
    void routesAreShownToTheirTenantAndNobodyElse() {
        var id = newInstanceId();
        try (var task = new Task("task-1")) {
            scheduler.answers(List.of(snapshot(id, "sales", 1, task.serving(State.READY))));
            awaitEvent(id, 1);

            await().untilAsserted(() -> assertThat(
                            mvc.get().uri("/api/v1/routes/{id}", id).with(tenant("acme")))
                    .hasStatusOk()
                    .bodyJson()
                    .extractingPath("$.endpoints[0].state")
                    .isEqualTo("READY"));
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
                "{'ports':{'http':{'proxyProtocol':true}}} | ports.http.proxyProtocol",
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
    void aDomainLeadsCallersAsLongAsItsDnsShowsWhoseItIs() {
        var acme = newInstanceId();
        var globex = newInstanceId();
        try (var task = new Task("acme's");
                var other = new Task("globex's");
                var dns = new Dns(resolverPort)) {
            snapshots.publish(snapshot(acme, "reception", 1, task.serving(State.READY)));
            snapshots.publish(of("globex", snapshot(globex, "reception", 1, other.serving(State.READY))));
            awaitEvent(acme, 1);
            awaitEvent(globex, 1);

            // A claim leads nobody, and keeps nobody else from claiming.
            var own = record(domain(acme, "acme", "calls.example", mvc.put().content("{}")));
            var others =
                    record(domain(globex, "globex", "Calls.Example.", mvc.put().content("{}")));
            assertThat(own).isNotEqualTo(others);
            assertThat(record(domain(acme, "acme", "calls.example", mvc.put().content("{}"))))
                    .isEqualTo(own);
            assertThat(check(acme, "acme"))
                    .hasStatus(409)
                    .bodyJson()
                    .extractingPath("$.code")
                    .isEqualTo("DOMAIN_NOT_PROVEN");
            assertThat(visitor.get("calls.example", "/").statusCode()).isEqualTo(404);

            dns.txt("_switchboard-challenge.calls.example", "v=spf1 -all", own);
            assertThat(check(acme, "acme"))
                    .hasStatusOk()
                    .bodyJson()
                    .extractingPath("$.state")
                    .isEqualTo("VERIFIED");
            await().untilAsserted(() ->
                    assertThat(visitor.get("calls.example", "/").body()).isEqualTo("acme's"));
            assertThat(visitor.get("reception.acme.switchboard.localhost", "/").body())
                    .isEqualTo("acme's");
            assertThat(history("calls.example", "acme"))
                    .bodyJson()
                    .extractingPath("$[0].taskId")
                    .isEqualTo("acme's");

            // Who comes second waits, whatever DNS says of it.
            dns.txt("_switchboard-challenge.calls.example", own, others);
            assertThat(check(globex, "globex"))
                    .hasStatus(409)
                    .bodyJson()
                    .extractingPath("$.code")
                    .isEqualTo("DOMAIN_TAKEN");
            snapshots.publish(snapshot(acme, "reception", 2, task.serving(State.READY)));
            awaitEvent(acme, 2);
            assertThat(visitor.get("calls.example", "/").body()).isEqualTo("acme's");

            // Gone from DNS it is missing first, and the other's once that has lasted.
            dns.txt("_switchboard-challenge.calls.example", others);
            await().untilAsserted(() -> assertThat(domains("acme"))
                    .bodyJson()
                    .extractingPath("$[0].state")
                    .isEqualTo("MISSING"));
            assertThat(domains("acme")).bodyJson().hasPath("$[0].releasedAt");
            assertThat(visitor.get("calls.example", "/").body()).isEqualTo("acme's");
            await().untilAsserted(() ->
                    assertThat(visitor.get("calls.example", "/").body()).isEqualTo("globex's"));
            assertThat(domains("acme")).bodyJson().extractingPath("$[0].state").isEqualTo("PENDING");
            assertThat(mvc.get()
                            .uri("/api/v1/routes/{id}/domains/history", acme)
                            .with(tenant("acme")))
                    .bodyJson()
                    .extractingPath("$[*].what")
                    .asArray()
                    .containsExactly("RELEASED", "RECORD_MISSING", "VERIFIED", "CLAIMED");

            // A resolver that is away changes nothing.
            dns.close();
            assertThat(check(acme, "acme"))
                    .hasStatus(503)
                    .bodyJson()
                    .extractingPath("$.code")
                    .isEqualTo("DNS_SILENT");
            assertThat(visitor.get("calls.example", "/").body()).isEqualTo("globex's");

            assertThat(domain(globex, "acme", "calls.example", mvc.delete())).hasStatus(404);
            assertThat(domain(globex, "globex", "calls.example", mvc.delete())).hasStatus(204);
            assertThat(domain(globex, "globex", "calls.example", mvc.delete())).hasStatus(204);
            await().untilAsserted(() ->
                    assertThat(visitor.get("calls.example", "/").statusCode()).isEqualTo(404));
        }
        snapshots.publish(removed(acme, "reception", 3));
        snapshots.publish(of("globex", removed(globex, "reception", 3)));
        awaitEvent(acme, 3);
        awaitEvent(globex, 3);
    }

    @Test
    void aDomainSaysWhetherACertificateFitsIt() throws IOException {
        var id = newInstanceId();
        try (var task = new Task("task-1");
                var dns = new Dns(resolverPort)) {
            snapshots.publish(of("initech", snapshot(id, "desk", 1, task.serving(State.READY))));
            awaitEvent(id, 1);
            dns.txt(
                    "_switchboard-challenge.secure.example",
                    record(domain(id, "initech", "secure.example", mvc.put().content("{}"))));
            await().untilAsserted(
                            () -> assertThat(domains("initech")).bodyJson().satisfies(json -> {
                                json.assertThat().extractingPath("$[0].state").isEqualTo("VERIFIED");
                                json.assertThat().extractingPath("$[0].tls").isEqualTo("NO_CERTIFICATE");
                            }));

            var made = Certificate.in(directory, "made", "dns:secure.example");
            Files.writeString(
                    directory.resolve("certificates/secure.pem"),
                    Files.readString(made.certificate()) + Files.readString(made.key()));

            await().untilAsserted(
                            () -> assertThat(domains("initech")).bodyJson().satisfies(json -> {
                                json.assertThat().extractingPath("$[0].tls").isEqualTo("CERTIFICATE");
                                json.assertThat().hasPath("$[0].certificateUntil");
                            }));
            assertThat(mvc.get().uri("/api/v1/balancers/certificates").with(operator()))
                    .bodyJson()
                    .extractingPath("$[0].standing")
                    .isEqualTo("ENDING");
            assertThat(mvc.get().uri("/api/v1/balancers/certificates").with(tenant("initech")))
                    .hasStatus(403);
            Files.delete(directory.resolve("certificates/secure.pem"));
        }
        snapshots.publish(of("initech", removed(id, "desk", 2)));
        awaitEvent(id, 2);
    }

    @Test
    void aDomainThatIsVerifiedMovesWithinItsTenantAndIsCountedOnce() {
        var desk = newInstanceId();
        var lobby = newInstanceId();
        try (var one = new Task("desk's");
                var two = new Task("lobby's");
                var dns = new Dns(resolverPort)) {
            snapshots.publish(of("umbrella", snapshot(desk, "desk", 1, one.serving(State.READY))));
            snapshots.publish(of("umbrella", snapshot(lobby, "lobby", 1, two.serving(State.READY))));
            awaitEvent(desk, 1);
            awaitEvent(lobby, 1);
            dns.txt(
                    "_switchboard-challenge.moved.example",
                    record(domain(desk, "umbrella", "moved.example", mvc.put().content("{}"))));
            // Nobody has to ask for a check.
            await().untilAsserted(() ->
                    assertThat(visitor.get("moved.example", "/").body()).isEqualTo("desk's"));

            assertThat(domain(lobby, "umbrella", "moved.example", mvc.put().content("{}")))
                    .hasStatusOk()
                    .bodyJson()
                    .extractingPath("$.state")
                    .isEqualTo("VERIFIED");

            await().untilAsserted(() ->
                    assertThat(visitor.get("moved.example", "/").body()).isEqualTo("lobby's"));
            assertThat(domain(lobby, "umbrella", "second.example", mvc.put().content("{}")))
                    .hasStatusOk();
            assertThat(domain(lobby, "umbrella", "third.example", mvc.put().content("{}")))
                    .hasStatusOk();
            assertThat(domain(lobby, "umbrella", "third.example", mvc.put().content("{}")))
                    .hasStatusOk();
            assertThat(domain(desk, "umbrella", "fourth.example", mvc.put().content("{}")))
                    .hasStatus(409)
                    .bodyJson()
                    .extractingPath("$.code")
                    .isEqualTo("TOO_MANY_DOMAINS");
        }
        snapshots.publish(of("umbrella", removed(desk, "desk", 2)));
        snapshots.publish(of("umbrella", removed(lobby, "lobby", 2)));
        awaitEvent(desk, 2);
        awaitEvent(lobby, 2);
        assertThat(visitor.get("moved.example", "/").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*.example.com | {} | domain",
                "192.0.2.7 | {} | domain",
                "desk.acme.switchboard.localhost | {} | domain",
                "switchboard.localhost | {} | domain",
                "calls.example | {'port':'sip'} | port",
                "calls.example | {'path':'chat'} | path",
                "calls.example | {'path':'/chat/'} | path",
                "calls.example | {'path':'/chat/../admin'} | path",
                "calls.example | {'path':'/%63hat'} | path",
                "calls.example | {'path':'/chat;x=y'} | path",
                "calls.example | {'path':'/chat\\n'} | path",
                "calls.example | {'path':'/switchboard/drain'} | path",
                "calls.example | {'port':'sip-tcp','path':'/chat'} | path"
            })
    void whatIsNoDomainOrNotTheTenantsToClaimIsRefusedByItsField(String domain, String said, String field) {
        var id = newInstanceId();
        try (var task = new Task("task-1")) {
            snapshots.publish(withPorts(
                    snapshot(id, "porch", 1, task.serving(State.READY, "http", "sip-tcp")),
                    HTTP,
                    new PortSpec("sip-tcp", PortSpec.Protocol.TCP, 5060)));
            awaitEvent(id, 1);

            assertThat(domain(id, "acme", domain, mvc.put().content(said.replace('\'', '"'))))
                    .hasStatus(400)
                    .bodyJson()
                    .extractingPath("$.errors[0].field")
                    .isEqualTo(field);
            snapshots.publish(removed(id, "porch", 2));
            awaitEvent(id, 2);
        }
    }

    @Test
    void dnsIsLookedIntoForACallerOnlySoOften() {
        var id = newInstanceId();
        try (var task = new Task("busy");
                var dns = new Dns(resolverPort)) {
            dns.txt("_switchboard-challenge.calls.example");
            snapshots.publish(of("hooli", snapshot(id, "busy", 1, task.serving(State.READY))));
            awaitEvent(id, 1);
            record(domain(id, "hooli", "calls.example", mvc.put().content("{}")));

            var refused = Stream.generate(() -> check(id, "hooli"))
                    .limit(50)
                    .filter(result -> result.getResponse().getStatus() != 409)
                    .findFirst();

            assertThat(refused).hasValueSatisfying(result -> {
                assertThat(result)
                        .hasStatus(429)
                        .bodyJson()
                        .extractingPath("$.code")
                        .isEqualTo("TOO_MANY_REQUESTS");
                assertThat(result).hasHeader("Retry-After", "2");
            });
        }
        snapshots.publish(of("hooli", removed(id, "busy", 2)));
        awaitEvent(id, 2);
    }

    @Test
    void instancesShareADomainByPathsWithOneProof() {
        var desk = newInstanceId();
        var chat = newInstanceId();
        try (var one = new Task("desk-task");
                var two = new Task("chat-task");
                var dns = new Dns(resolverPort)) {
            snapshots.publish(of("stark", snapshot(desk, "desk", 1, one.serving(State.READY))));
            snapshots.publish(of("stark", snapshot(chat, "chat", 1, two.serving(State.READY))));
            awaitEvent(desk, 1);
            awaitEvent(chat, 1);
            var proof = record(domain(desk, "stark", "shared.example", mvc.put().content("{}")));
            var inChat = "{\"path\":\"/chat\"}";
            assertThat(record(domain(chat, "stark", "shared.example", mvc.put().content(inChat))))
                    .isEqualTo(proof);
            dns.txt("_switchboard-challenge.shared.example", proof);

            await().untilAsserted(() -> {
                assertThat(visitor.get("shared.example", "/chatter").body()).isEqualTo("desk-task");
                assertThat(visitor.get("shared.example", "/chat/x").body()).isEqualTo("chat-task");
            });
            assertThat(domain(chat, "stark", "shared.example", mvc.put().content(inChat)))
                    .bodyJson()
                    .satisfies(json -> {
                        json.assertThat().extractingPath("$.path").isEqualTo("/chat");
                        json.assertThat().extractingPath("$.state").isEqualTo("VERIFIED");
                    });
            assertThat(mvc.get().uri("/api/v1/routes/{id}", chat).with(tenant("stark")))
                    .bodyText()
                    .containsPattern("http://shared.example:\\d+/chat\"");
            await().untilAsserted(
                            () -> assertThat(traffic(chat, "stark")).bodyText().contains("\"shared.example/chat\""));
            assertThat(mvc.get()
                            .uri("/api/v1/routes/history?address={url}", "https://Shared.example/chat/")
                            .with(tenant("stark")))
                    .bodyJson()
                    .extractingPath("$[0].taskId")
                    .isEqualTo("chat-task");
            assertThat(visitor.get("shared.example", "/x/..;/%63hat").body()).contains("\"code\":\"PATH_AMBIGUOUS\"");

            assertThat(domain(chat, "stark", "shared.example", mvc.put().content("{\"path\":\"/talk\"}")))
                    .hasStatusOk();
            await().untilAsserted(() -> {
                assertThat(visitor.get("shared.example", "/talk").body()).isEqualTo("chat-task");
                assertThat(visitor.get("shared.example", "/chat/x").body()).isEqualTo("desk-task");
            });
            assertThat(domain(desk, "stark", "shared.example", mvc.put().content("{\"path\":\"/talk\"}")))
                    .hasStatusOk();
            await().untilAsserted(() -> {
                assertThat(visitor.get("shared.example", "/talk").body()).isEqualTo("desk-task");
                assertThat(visitor.get("shared.example", "/").statusCode()).isEqualTo(404);
            });
            assertThat(mvc.get()
                            .uri("/api/v1/routes/{id}/domains/history", chat)
                            .with(tenant("stark")))
                    .bodyJson()
                    .satisfies(json -> {
                        json.assertThat()
                                .extractingPath("$[*].what")
                                .isEqualTo(List.of("MOVED_AWAY", "PATH_CHANGED", "VERIFIED", "CLAIMED"));
                        json.assertThat()
                                .extractingPath("$[*].path")
                                .isEqualTo(List.of("/talk", "/talk", "/chat", "/chat"));
                    });
        }
        snapshots.publish(of("stark", removed(desk, "desk", 2)));
        snapshots.publish(of("stark", removed(chat, "chat", 2)));
        awaitEvent(desk, 2);
        awaitEvent(chat, 2);
    }

    @Test
    void whatThePlatformNamedIsSharedByPathsWithinItsTenantWithoutAProof() {
        var desk = newInstanceId();
        var chat = newInstanceId();
        var globex = newInstanceId();
        var given = "lobby.wayne.switchboard.localhost";
        var inChat = "{\"path\":\"/chat\"}";
        try (var one = new Task("lobby-task");
                var two = new Task("chat-task")) {
            snapshots.publish(of("wayne", snapshot(desk, "lobby", 1, one.serving(State.READY))));
            snapshots.publish(of("wayne", snapshot(chat, "chat", 1, two.serving(State.READY))));
            snapshots.publish(of("globex", snapshot(globex, "chat", 1, two.serving(State.READY))));
            List.of(desk, chat, globex).forEach(id -> awaitEvent(id, 1));

            assertThat(domain(globex, "globex", given, mvc.put().content(inChat)))
                    .hasStatus(400)
                    .bodyJson()
                    .extractingPath("$.errors[0].field")
                    .isEqualTo("domain");
            assertThat(domain(chat, "wayne", given, mvc.put().content("{}"))).hasStatus(400);
            for (int time = 0; time < 2; time++) {
                assertThat(domain(chat, "wayne", given, mvc.put().content(inChat)))
                        .bodyJson()
                        .satisfies(json -> {
                            json.assertThat().extractingPath("$.state").isEqualTo("VERIFIED");
                            json.assertThat().extractingPath("$.pointTo").isEqualTo(given);
                        });
            }
            assertThat(domain(desk, "wayne", given, mvc.put().content("{\"path\":\"/own\"}")))
                    .hasStatusOk();

            await().untilAsserted(() -> {
                assertThat(visitor.get(given, "/chat/x").body()).isEqualTo("chat-task");
                assertThat(visitor.get(given, "/").body()).isEqualTo("lobby-task");
            });
            assertThat(mvc.post()
                            .uri("/api/v1/routes/{id}/domains/{domain}/check", chat, given)
                            .with(tenant("wayne")))
                    .bodyJson()
                    .extractingPath("$.state")
                    .isEqualTo("VERIFIED");

            snapshots.publish(of("wayne", snapshot(desk, "lobby", 2, one.serving(State.READY))));
            awaitEvent(desk, 2);
            assertThat(visitor.get(given, "/").body()).isEqualTo("lobby-task");
            assertThat(domain(chat, "wayne", given, mvc.delete())).hasStatus(204);
            await().untilAsserted(() ->
                    assertThat(visitor.get(given, "/chat/x").body()).isEqualTo("lobby-task"));
        }
        snapshots.publish(of("wayne", removed(desk, "lobby", 3)));
        snapshots.publish(of("wayne", removed(chat, "chat", 2)));
        snapshots.publish(of("globex", removed(globex, "chat", 2)));
        awaitEvent(desk, 3);
        awaitEvent(chat, 2);
        awaitEvent(globex, 2);
    }

    private MvcTestResult domain(UUID id, String tenant, String domain, MockMvcTester.MockMvcRequestBuilder request) {
        return request.uri("/api/v1/routes/{id}/domains/{domain}", id, domain)
                .contentType(MediaType.APPLICATION_JSON)
                .with(tenant(tenant))
                .exchange();
    }

    private MvcTestResult check(UUID id, String tenant) {
        return mvc.post()
                .uri("/api/v1/routes/{id}/domains/calls.example/check", id)
                .with(tenant(tenant))
                .exchange();
    }

    private MvcTestResult domains(String tenant) {
        return mvc.get().uri("/api/v1/domains").with(tenant(tenant)).exchange();
    }

    /** What its DNS must show. */
    private static String record(MvcTestResult claimed) {
        assertThat(claimed).hasStatusOk().bodyJson().extractingPath("$.state").isEqualTo("PENDING");
        try {
            return JsonMapper.shared()
                    .readTree(claimed.getResponse().getContentAsString())
                    .at("/challenge/value")
                    .asString();
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
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
    void whoHasNoPublicPortLeftIsToldAndGetsTheNextThatIsFree() {
        var ids = List.of(newInstanceId(), newInstanceId(), newInstanceId());
        try (var task = new Task("task-1")) {
            ids.forEach(id -> snapshots.publish(trunk(id, 1, task)));
            ids.forEach(id -> awaitEvent(id, 1));

            var last = ids.getLast();
            assertThat(mvc.get().uri("/api/v1/routes/{id}", last).with(tenant("initrode")))
                    .bodyJson()
                    .satisfies(json -> {
                        json.assertThat().extractingPath("$.unreached[0].port").isEqualTo("http");
                        json.assertThat()
                                .extractingPath("$.unreached[0].reason")
                                .asString()
                                .startsWith("No public port is free in ");
                    });
            assertThat(mvc.get().uri("/api/v1/routes/{id}", ids.getFirst()).with(tenant("initrode")))
                    .bodyJson()
                    .extractingPath("$.unreached")
                    .asArray()
                    .isEmpty();

            snapshots.publish(of("initrode", removed(ids.getFirst(), "trunk", 2)));
            awaitEvent(ids.getFirst(), 2);
            snapshots.publish(trunk(last, 2, task));
            awaitEvent(last, 2);
            assertThat(mvc.get().uri("/api/v1/routes/{id}", last).with(tenant("initrode")))
                    .bodyJson()
                    .extractingPath("$.addresses")
                    .asArray()
                    .hasSize(1);
        }
        ids.forEach(id -> snapshots.publish(of("initrode", removed(id, "trunk", 3))));
        ids.forEach(id -> awaitEvent(id, 3));
    }

    /** Its port is named as the task's only one. */
    private static TaskSnapshot trunk(UUID id, long sequence, Task task) {
        return of(
                "initrode",
                withPorts(
                        snapshot(id, "trunk-" + id, sequence, task.serving(State.READY)),
                        new PortSpec("http", PortSpec.Protocol.TCP, 5060)));
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
