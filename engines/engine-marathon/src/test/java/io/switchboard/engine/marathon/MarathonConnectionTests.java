package io.switchboard.engine.marathon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.marathon.simulator.MarathonSimulator;
import io.switchboard.marathon.simulator.ScriptedPrograms;
import io.switchboard.marathon.simulator.Settings;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the engine comes to Marathon: whom it says it is, and whom it trusts. */
class MarathonConnectionTests {

    private static final Settings QUICK = Settings.DEFAULT.withReviveEvery(Duration.ofMillis(100));
    private static final Duration SILENCE = Duration.ofSeconds(15);

    @Test
    void logsInWithNameAndPassword() {
        try (MarathonSimulator marathon =
                        MarathonSimulator.live(QUICK.withCredentials("me:and my word"), new ScriptedPrograms());
                Engine engine = open(Examples.properties(List.of(marathon.start()), "me:and my word", null, SILENCE))) {
            assertThat(engine.ensure(Examples.shop("shop", 1))).isEqualTo(new Accepted());
            await().until(() -> marathon.subscribers() == 1);
        }
    }

    @Test
    void logsInWithAToken() {
        try (MarathonSimulator marathon = MarathonSimulator.live(QUICK.withToken("a-token"), new ScriptedPrograms());
                Engine engine = open(Examples.properties(List.of(marathon.start()), null, "a-token", SILENCE))) {
            assertThat(engine.ensure(Examples.shop("shop", 1))).isEqualTo(new Accepted());
        }
    }

    @Test
    void aWrongPasswordIsUnavailableAndIsNotTold() {
        try (MarathonSimulator marathon =
                        MarathonSimulator.live(QUICK.withCredentials("me:right"), new ScriptedPrograms());
                Engine engine = open(Examples.properties(List.of(marathon.start()), "me:surely-not", null, SILENCE))) {
            assertThatExceptionOfType(EngineUnavailable.class)
                    .isThrownBy(engine::workloads)
                    .withMessageContaining("401")
                    .withMessageNotContaining("surely-not");
        }
    }

    @Test
    void speaksTlsToWhomItTrustsOnly(@TempDir Path directory) throws Exception {
        KeyStore keys = keys(directory);
        try (MarathonSimulator marathon = MarathonSimulator.live(QUICK, new ScriptedPrograms())) {
            List<URI> urls = List.of(marathon.start(context(keys)));
            MarathonEngineProperties properties = Examples.properties(urls, null, null, SILENCE);
            try (Engine trusting = MarathonEngine.open(properties, context(keys), Clock.systemUTC())) {
                assertThat(trusting.ensure(Examples.shop("shop", 1))).isEqualTo(new Accepted());
                await().until(() -> marathon.subscribers() == 1);
            }
            try (Engine strange = open(properties)) {
                assertThatExceptionOfType(EngineUnavailable.class).isThrownBy(strange::workloads);
            }
        }
    }

    @Test
    void aStreamThatSaysNothingIsOpenedAgain() {
        try (MarathonSimulator marathon = MarathonSimulator.live(QUICK, new ScriptedPrograms());
                Engine engine =
                        open(Examples.properties(List.of(marathon.start()), null, null, Duration.ofSeconds(2)))) {
            await().until(() -> engine.workloads().isEmpty() && marathon.subscribers() == 1);
            marathon.silence(true);
            marathon.forgetCalls();

            await().atMost(Duration.ofSeconds(60)).until(() -> marathon.calls().contains("GET /v2/events"));
        }
    }

    /** The second address leads nowhere by itself, and hands the stream on to the leader. */
    @Test
    void aStandbyHandsOnToTheLeader() {
        try (MarathonSimulator marathon = MarathonSimulator.live(QUICK, new ScriptedPrograms())) {
            marathon.start();
            URI standby = marathon.start();
            try (Engine engine = open(Examples.properties(List.of(standby), null, null, SILENCE))) {
                assertThat(engine.ensure(Examples.shop("shop", 1))).isEqualTo(new Accepted());
                await().until(() -> marathon.subscribers() == 1);
            }
        }
    }

    private static Engine open(MarathonEngineProperties properties) {
        return MarathonEngine.open(properties, null, Clock.systemUTC());
    }

    private static KeyStore keys(Path directory) throws Exception {
        Path file = directory.resolve("keys.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process made = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "marathon",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "for-this-test")
                .inheritIO()
                .start();
        assertThat(made.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "for-this-test".toCharArray());
        }
        return keys;
    }

    private static SSLContext context(KeyStore keys) throws Exception {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, "for-this-test".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
