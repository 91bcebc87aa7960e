package io.switchboard.access.balancer.haproxy;

import static io.switchboard.access.testing.Examples.HTTP;
import static io.switchboard.access.testing.Examples.SIP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.snapshot;
import static io.switchboard.access.testing.Examples.withPorts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.endpoint.PresentedCertificate;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.Authority;
import io.switchboard.access.testing.Certificate;
import io.switchboard.access.testing.MovingClock;
import io.switchboard.access.testing.OwnHaproxy;
import io.switchboard.access.testing.Programs;
import io.switchboard.access.testing.Routing;
import io.switchboard.access.testing.Task;
import io.switchboard.access.testing.WebSocketEnd;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Certificates from a directory, through a real HAProxy that is never reloaded for them. */
@ExtendWith(OutputCaptureExtension.class)
class CertificatesTests {

    private static final String DESK = "desk.acme.switchboard.localhost";
    private static final String SIPS = "sip.trunk.acme.switchboard.localhost";

    @TempDir
    static Path keys;

    private static Certificate desk;
    private static Certificate renewed;
    private static Certificate own;

    @BeforeAll
    static void makeKeys() {
        desk = Certificate.in(keys, "desk", "dns:" + DESK);
        renewed = Certificate.in(keys, "renewed", "dns:" + DESK);
        own = Certificate.in(keys, "own", "dns:" + SIPS);
    }

    private final int httpPort = FreePorts.next();
    private final int tlsPort = FreePorts.next();
    private final PortRange ports = range();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @TempDir
    private Path directory;

    @Test
    void certificatesComeAreRenewedAndGoWhileHaproxyRuns() throws Exception {
        var source = Files.createDirectory(directory.resolve("source"));
        var haproxy = directory.resolve("haproxy");
        var balancer = balancer(source, haproxy);
        try (var task = new Task("one")) {
            var upstreams = List.of(sticky(task));
            balancer.audit(upstreams);
            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> presented(DESK));

            assertThat(balancer.auditDue(upstreams)).isFalse();
            put(source, "desk.pem", desk, desk);
            assertThat(balancer.auditDue(upstreams)).isTrue();
            assertThat(presented(DESK)).isEqualTo(certificate(desk));
            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> presented("other.example"));
            var answer = answer(DESK);
            assertThat(answer).contains("200 OK", "one");
            assertThat(answer.lines().filter(line -> line.startsWith("set-cookie:")))
                    .singleElement()
                    .asString()
                    .endsWith("; Path=/; HttpOnly; Secure; SameSite=None");

            // A connection is held while the certificate is another.
            try (var held = connect(DESK)) {
                put(source, "desk.pem", renewed, renewed);
                assertThat(balancer.auditDue(upstreams)).isTrue();
                assertThat(presented(DESK)).isEqualTo(certificate(renewed));
                assertThat(answer(held, DESK)).contains("200 OK");
            }

            // Half written, another's key, and no PEM at all: what was there stays.
            for (var broken : List.of(
                    Files.readString(desk.certificate()),
                    Files.readString(desk.certificate()) + Files.readString(renewed.key()),
                    "\0")) {
                Files.writeString(source.resolve("desk.pem"), broken);
                Files.writeString(source.resolve("other.pem"), broken);
                balancer.audit(upstreams);
                assertThat(presented(DESK)).isEqualTo(certificate(renewed));
            }
            kill(haproxy);
            balancer.audit(upstreams);
            assertThat(presented(DESK)).isEqualTo(certificate(renewed));

            Files.delete(source.resolve("desk.pem"));
            balancer.audit(upstreams);
            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> presented(DESK));
            assertThat(meters.counter("access.reloads").count()).isZero();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(haproxy.resolve("tls"))))
                    .isEqualTo("rwx------");
        } finally {
            balancer.close();
        }
    }

    @Test
    void pathsLeadFromWhereTlsEnds() throws Exception {
        var source = Files.createDirectory(directory.resolve("source"));
        put(source, "desk.pem", desk, desk);
        var balancer = balancer(source, directory.resolve("haproxy"));
        try (var one = new Task("one");
                var two = new Task("two")) {
            var chat = upstream("chat", two.serving(State.READY), HTTP);
            balancer.audit(List.of(sticky(one), new Routing(80, ports).named(chat, DESK, "/chat", "http")));

            try (var socket = connect(DESK)) {
                assertThat(answer(socket, DESK, "/chatter")).contains("200 OK", "one");
            }
            try (var socket = connect(DESK)) {
                assertThat(answer(socket, DESK, "/chat/x")).contains("200 OK", "two");
            }
        } finally {
            balancer.close();
        }
    }

    /** As a browser's phone does (RFC 7118); the connection is held for as long as the phone is on. */
    @Test
    void sipComesInAWebSocketWhereTlsEndsAndStaysWhileOthersChange() throws Exception {
        var source = Files.createDirectory(directory.resolve("source"));
        put(source, "desk.pem", desk, desk);
        var balancer = balancer(source, directory.resolve("haproxy"));
        try (var listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var other = new Task("other")) {
            listening.setSoTimeout(60_000);
            var phones = upstream(
                    "desk",
                    new ServingTask("phones", "127.0.0.1", Map.of("http", listening.getLocalPort()), State.READY),
                    HTTP);
            balancer.audit(List.of(phones));

            try (var caller = connect(DESK)) {
                var phone = WebSocketEnd.ask(caller, DESK, "sip");
                try (var taken = listening.accept()) {
                    var task = WebSocketEnd.take(taken);
                    assertThat(task.protocol()).isEqualTo("sip");
                    assertThat(phone.answered())
                            .startsWith("HTTP/1.1 101")
                            .containsIgnoringCase("sec-websocket-protocol: sip\r\n");
                    var request = "OPTIONS sip:100@" + DESK
                            + " SIP/2.0\r\nVia: SIP/2.0/WSS phone.invalid;branch=z9hG4bK1"
                            + "\r\nMax-Forwards: 70\r\nFrom: <sip:ann@phone.invalid>;tag=1\r\nTo: <sip:100@" + DESK
                            + ">\r\nCall-ID: held\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
                    phone.send(request);
                    assertThat(task.receive()).isEqualTo(request);

                    balancer.carry(List.of(phones, upstream("other", other.serving(State.READY), HTTP)));
                    var answer = request.replace("OPTIONS sip:100@" + DESK + " SIP/2.0", "SIP/2.0 200 OK");
                    task.send(answer);
                    assertThat(phone.receive()).isEqualTo(answer);
                    balancer.carry(List.of(phones));
                    phone.send(request);
                    assertThat(task.receive()).isEqualTo(request);
                }
            }
            assertThat(meters.counter("access.reloads").count()).isZero();
        } finally {
            balancer.close();
        }
    }

    /** What it was signed with counts, too: who knows only the root would turn away. */
    @Test
    void aRenewedChainIsPresentedWithoutAReload() throws Exception {
        var root = new Authority(keys, "root");
        var between = new Authority(keys, "between");
        var first = between.certify("desk", "dns:" + DESK);
        var second = between.certify("desk", "dns:" + DESK);
        var earlier = root.certify(between);
        var later = root.certify(between);
        var source = Files.createDirectory(directory.resolve("source"));
        var balancer = balancer(source, directory.resolve("haproxy"));
        try {
            putChain(source, first, earlier);
            balancer.audit(List.of());
            assertThat(chain(DESK)).isEqualTo(List.of(certificate(first), certificate(earlier)));

            // The same key, another certificate; then another certificate of who signed it.
            for (var chain : List.of(List.of(second, earlier), List.of(second, later), List.of(second))) {
                putChain(source, chain.toArray(String[]::new));
                balancer.auditDue(List.of());
                assertThat(chain(DESK))
                        .isEqualTo(chain.stream()
                                .map(CertificatesTests::certificate)
                                .toList());
            }

            // Who takes over doesn't know what the one before had told it.
            putChain(source, second, earlier);
            var successor = balancer(source, directory.resolve("haproxy"));
            successor.audit(List.of());
            assertThat(chain(DESK)).isEqualTo(List.of(certificate(second), certificate(earlier)));
            assertThat(meters.counter("access.reloads").count()).isZero();
        } finally {
            balancer.close();
        }
    }

    private static void putChain(Path source, String... certificates) throws IOException {
        Files.writeString(source.resolve("desk.pem"), String.join("", certificates) + Files.readString(desk.key()));
    }

    /** They are all made for two days. */
    @Test
    void anEndThatComesIsWarnedOfOnceADayUntilTheCertificateIsAnother(CapturedOutput output) throws Exception {
        var source = Files.createDirectory(directory.resolve("source"));
        var clock = new MovingClock(certificate(desk).getNotAfter().toInstant().minus(Duration.ofDays(15)));
        var balancer = balancer(source, directory.resolve("haproxy"), clock);
        try {
            put(source, "desk.pem", desk, desk);
            balancer.audit(List.of());

            assertThat(balancer.condition().certificates().orElseThrow())
                    .singleElement()
                    .satisfies(one -> {
                        assertThat(one.file()).isEqualTo("desk.pem");
                        assertThat(one.names()).contains(DESK);
                        assertThat(one.notAfter())
                                .isEqualTo(certificate(desk).getNotAfter().toInstant());
                    });
            assertThat(meters.get("access.certificates").gauge().value()).isEqualTo(1);
            assertThat(meters.get("access.certificates.ending").gauge().value()).isZero();
            assertThat(output).doesNotContain("renew it");

            for (int audits = 0; audits < 30; audits++) {
                clock.pass(Duration.ofHours(2));
                balancer.audit(List.of());
            }
            assertThat(output.toString().lines().filter(line -> line.contains("the certificate desk.pem for")))
                    .hasSize(2);
            assertThat(meters.get("access.certificates.ending").gauge().value()).isEqualTo(1);
            clock.pass(Duration.ofDays(13));
            balancer.audit(List.of());
            assertThat(output).contains("has ended at");
            assertThat(meters.get("access.certificates.left").gauge().value()).isNegative();

            Files.delete(source.resolve("desk.pem"));
            balancer.audit(List.of());
            assertThat(meters.get("access.certificates.ending").gauge().value()).isZero();
            assertThat(meters.get("access.certificates.left").gauge().value()).isNaN();
        } finally {
            balancer.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "calls.example, true",
        "desk.calls.example, true",
        "a.desk.calls.example, false",
        "alls.example, false",
        "example, false"
    })
    void aStarStandsForOneLabel(String host, boolean fits) {
        var certificate = new PresentedCertificate("x.pem", List.of("calls.example", "*.calls.example"), Instant.EPOCH);

        assertThat(certificate.fits(host)).isEqualTo(fits);
    }

    @Test
    void whoNamesATaskWithItsOwnCertificateGetsIt() throws Exception {
        var source = Files.createDirectory(directory.resolve("source"));
        put(source, "desk.pem", desk, desk);
        var balancer = balancer(source, directory.resolve("haproxy"));
        try (var task = new Task("one");
                var secure = own.context().getServerSocketFactory().createServerSocket(0)) {
            Thread.ofVirtual().start(() -> {
                while (!secure.isClosed()) {
                    try (var caller = (SSLSocket) secure.accept()) {
                        caller.startHandshake();
                        caller.getInputStream().read();
                        caller.getOutputStream().write('y');
                    } catch (IOException e) {
                        // The caller thought better of it, or the test is over.
                    }
                }
            });
            var trunk = upstream(
                            "trunk",
                            new ServingTask("t", "127.0.0.1", Map.of("sip", secure.getLocalPort()), State.READY),
                            SIP)
                    .under(
                            new Policy(
                                    List.of(),
                                    Map.of(
                                            "sip",
                                            new Policy.Rules(
                                                    false, 0, new Policy.Limits(1, 0, 0, 0), List.of(), SIPS, false))),
                            Instant.EPOCH);
            balancer.audit(List.of(sticky(task), trunk));

            try (var held = connect(SIPS)) {
                assertThat(held.getSession().getPeerCertificates()[0]).isEqualTo(certificate(own));
                assertThat(presented(DESK)).isEqualTo(certificate(desk));
                assertThat(answer(DESK)).contains("200 OK");
                // The limits of a route hold whichever way callers come.
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> connect(SIPS));
                held.getOutputStream().write('x');
                assertThat(held.getInputStream().read()).isEqualTo('y');
            }

            // By a domain of the tenant's, too, and by that alone.
            var named = new Routing(80, ports).named(trunk, "sip.example", "sip");
            balancer.carry(List.of(sticky(task), named));
            await().untilAsserted(() -> assertThat(presented("sip.example")).isEqualTo(certificate(own)));
            await().untilAsserted(() -> assertThat(presented(SIPS)).isEqualTo(certificate(own)));
            balancer.carry(List.of(sticky(task), named.under(Policy.NONE, Instant.EPOCH)));
            assertThat(presented("sip.example")).isEqualTo(certificate(own));
            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> connect(SIPS));

            balancer.carry(List.of(sticky(task), trunk.under(Policy.NONE, Instant.EPOCH)));
            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> connect("sip.example"));
            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> connect(SIPS));
            // Who speaks no TLS at all is sent away.
            try (var plain = new Socket("127.0.0.1", tlsPort)) {
                plain.setSoTimeout(60_000);
                plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(plain.getInputStream().read()).isNegative();
            }
            assertThat(meters.counter("access.reloads").count()).isZero();
        } finally {
            balancer.close();
        }
    }

    private HaproxyBalancer balancer(Path source, Path haproxy) {
        return balancer(source, haproxy, Clock.systemUTC());
    }

    private HaproxyBalancer balancer(Path source, Path haproxy, Clock clock) {
        return new HaproxyBalancer(
                OwnHaproxy.properties(
                        haproxy,
                        httpPort,
                        Map.of(
                                "tls-bind",
                                "127.0.0.1:" + tlsPort,
                                "certificates",
                                source.toString(),
                                "http-backends",
                                4,
                                "tcp-backends",
                                1,
                                "weighted-backends",
                                1)),
                new HaproxyProgram(Programs.haproxy()),
                new Routing(httpPort, ports).addressing(),
                ports,
                clock,
                meters);
    }

    private Upstream upstream(String name, ServingTask task, PortSpec port) {
        return new Routing(80, ports)
                .upstream(withPorts(snapshot(newInstanceId(), name, 1, task), port), Optional.empty());
    }

    private Upstream sticky(Task task) {
        return upstream("desk", task.serving(State.READY), HTTP)
                .under(
                        new Policy(List.of(), Map.of("http", new Policy.Rules(true, 0, Policy.Limits.NONE, List.of()))),
                        Instant.EPOCH);
    }

    private static PortRange range() {
        int first = FreePorts.next(2);
        return new PortRange(first, first + 1);
    }

    private static void put(Path source, String name, Certificate certificate, Certificate key) throws IOException {
        Files.writeString(
                source.resolve(name),
                Files.readString(key.key()) + "\n\n" + Files.readString(certificate.certificate()));
    }

    private static X509Certificate certificate(Certificate one) throws IOException {
        return certificate(Files.readString(one.certificate()));
    }

    private static X509Certificate certificate(String pem) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate presented(String name) throws IOException {
        return (X509Certificate) chain(name).getFirst();
    }

    private List<java.security.cert.Certificate> chain(String name) throws IOException {
        try (var socket = connect(name)) {
            return List.of(socket.getSession().getPeerCertificates());
        }
    }

    private String answer(String host) throws IOException {
        try (var socket = connect(host)) {
            return answer(socket, host);
        }
    }

    private static String answer(SSLSocket socket, String host) throws IOException {
        return answer(socket, host, "/");
    }

    private static String answer(SSLSocket socket, String host, String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private SSLSocket connect(String name) throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
            var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", tlsPort);
            socket.setSoTimeout(60_000);
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void kill(Path haproxy) throws IOException {
        var master = ProcessHandle.of(Long.parseLong(
                        Files.readString(haproxy.resolve("haproxy.pid")).strip()))
                .orElseThrow();
        var workers = master.descendants().toList();
        workers.forEach(ProcessHandle::destroyForcibly);
        master.destroyForcibly();
        workers.forEach(worker -> worker.onExit().join());
        master.onExit().join();
    }

    /** Which certificate it is, is what the tests look at. */
    private static final class TrustAll extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
