package io.switchboard.engine.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Acceptance.Reason;
import io.switchboard.engine.Acceptance.Refused;
import io.switchboard.engine.Capability;
import io.switchboard.engine.LogPart;
import io.switchboard.engine.PortRange;
import io.switchboard.engine.Task;
import io.switchboard.engine.Task.State;
import io.switchboard.engine.Usage;
import io.switchboard.engine.Workload;
import io.switchboard.engine.Workload.Health;
import io.switchboard.engine.Workload.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

/**
 * What holds for engines that run programs. {@link #image} is one that starts the probe app of this module; a
 * capability is tested where the engine has it, and its absence where it doesn't, never neither.
 */
public interface ProbeContract extends EngineContract {

    HttpClient HTTP = HttpClient.newHttpClient();

    /** The image named by a digest, as deployments do. */
    String imageByDigest();

    /** A well-formed name of an image that exists nowhere. */
    String missingImage();

    /** What the engine says of a task whose health check answered 503. */
    default String failedHealth() {
        return "503";
    }

    @Override
    default Workload workload(String name, int tasks) {
        return probe(name, tasks, Map.of());
    }

    default Workload probe(String name, int tasks, Map<String, String> environment) {
        return new Workload(
                name,
                image(),
                tasks,
                500,
                128,
                List.of(new Port("http", 8080), new Port("sip-tls", 5061), new Port("sip-udp", 5061, true)),
                environment,
                new Health.Http(
                        "http", "/health", Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofSeconds(30)),
                Duration.ofSeconds(5));
    }

    @Test
    default void isReadyOnlyWhenHealthSaysSo() {
        engine().ensure(probe("slow", 1, Map.of("PROBE_READY_AFTER_MILLIS", "2000")));

        eventually(() -> assertThat(ask(only("slow"), "/nonce")).isNotBlank());
        assertThat(only("slow").state()).isEqualTo(State.STARTING);
        eventually(() -> assertThat(only("slow").state()).isEqualTo(State.READY));
        assertThat(only("slow").restarts()).isZero();
    }

    @Test
    default void whatNeverGetsReadyIsReplacedAfterItsGrace() {
        Workload never = probe("never", 1, Map.of("PROBE_READY_AFTER_MILLIS", "3600000"));
        engine().ensure(new Workload(
                never.name(),
                never.image(),
                1,
                never.cpuMillis(),
                never.memoryMib(),
                never.ports(),
                never.environment(),
                new Health.Http(
                        "http", "/health", Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofSeconds(2)),
                never.stopGrace()));

        eventually(() -> assertThat(only("never").restarts()).isPositive());
        assertThat(only("never").message()).contains(failedHealth());
    }

    @Test
    default void restartsWhatExitsSlowerEachTimeAndSaysWhy() {
        engine().ensure(probe("crash", 1, Map.of("PROBE_EXIT_AFTER_MILLIS", "100", "PROBE_EXIT_CODE", "3")));

        Map<Integer, Instant> starts = new TreeMap<>();
        eventually(() -> {
            for (Task task : engine().tasks("crash")) {
                starts.putIfAbsent(task.restarts(), task.startedAt());
            }
            assertThat(starts).containsKeys(0, 1, 2, 3);
        });
        assertThat(only("crash").message()).contains("3");
        // At least: on a busy machine each start takes its time, too.
        assertThat(between(starts, 0, 1)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(between(starts, 1, 2)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(between(starts, 2, 3)).isGreaterThanOrEqualTo(Duration.ofSeconds(4));
        assertThat(engine().tasks("crash")).hasSize(1);
    }

    @Test
    default void theLogOfWhatEndedCanBeRead() {
        engine().ensure(workload("last-words", 1));
        eventually(() -> assertThat(ready("last-words")).hasSize(1));
        Task first = only("last-words");
        ask(first, "/exit?7");

        eventually(() -> assertThat(ready("last-words"))
                .hasSize(1)
                .allSatisfy(task -> assertThat(task.id()).isNotEqualTo(first.id())));

        assertThat(only("last-words").message()).contains("7");
        if (has(Capability.KEEP_LOGS)) {
            assertThat(engine().logTail(first.id(), 10)).contains("probe exits with 7");
        } else {
            assertThat(engine().logTail(first.id(), 10)).isEmpty();
        }
    }

    @Test
    default void replacesWhatTurnsUnhealthy() {
        engine().ensure(workload("ill", 1));
        eventually(() -> assertThat(ready("ill")).hasSize(1));
        Task first = only("ill");

        ask(first, "/unhealthy?");

        eventually(() -> assertThat(only("ill").state()).isEqualTo(State.UNHEALTHY));
        eventually(() -> assertThat(ready("ill")).hasSize(1).allSatisfy(task -> {
            assertThat(task.id()).isNotEqualTo(first.id());
            assertThat(task.restarts()).isEqualTo(1);
            assertThat(task.message()).contains(failedHealth());
        }));
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> ask(first, "/nonce"));
    }

    @Test
    default void stoppingGivesTimeToFinish() {
        engine().ensure(probe("polite", 1, Map.of("PROBE_STOP_MILLIS", "2000")));
        eventually(() -> assertThat(ready("polite")).hasSize(1));
        Task task = only("polite");

        engine().stopTasks("polite", Set.of(task.id()));

        eventually(() -> assertThat(only("polite").state()).isEqualTo(State.STOPPING));
        if (has(Capability.KEEP_LOGS)) {
            eventually(() -> assertThat(engine().logTail(task.id(), 9)).contains("probe was told to stop"));
        }
        assertThat(ask(task, "/nonce")).isNotBlank();
        eventually(() -> assertThat(engine().tasks("polite")).isEmpty());
    }

    @Test
    default void killsWhatDoesNotStopWithinItsGrace() {
        Workload stubborn = probe("stubborn", 1, Map.of("PROBE_STOP_MILLIS", "-1"));
        engine().ensure(new Workload(
                stubborn.name(),
                stubborn.image(),
                1,
                stubborn.cpuMillis(),
                stubborn.memoryMib(),
                stubborn.ports(),
                stubborn.environment(),
                stubborn.health(),
                Duration.ofSeconds(1)));
        eventually(() -> assertThat(ready("stubborn")).hasSize(1));
        Task task = only("stubborn");

        engine().remove("stubborn");

        eventually(() -> assertThat(engine().tasks("stubborn")).isEmpty());
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> ask(task, "/nonce"));
    }

    @Test
    default void tellsTasksWhereToListenAndWhoTheyAre() {
        engine().ensure(workload("told", 2));
        eventually(() -> assertThat(ready("told")).hasSize(2));
        List<Task> tasks = engine().tasks("told");

        assertThat(ask(tasks.get(0), "/nonce")).isNotEqualTo(ask(tasks.get(1), "/nonce"));
        for (Task task : tasks) {
            assertThat(task.ports()).containsOnlyKeys("http", "sip-tls", "sip-udp");
            assertThat(ask(task, "/env?SWITCHBOARD_TASK_ID")).isEqualTo(task.id());
            assertThat(ask(task, "/env?SERVER_PORT")).isEqualTo(ask(task, "/env?PORT_HTTP"));
            assertThat(ask(task, "/env?PORT_SIP_TLS")).containsOnlyDigits();
            assertThat(ask(task, "/env?PORT_SIP_UDP")).containsOnlyDigits();
        }
    }

    @Test
    default void environmentArrivesAsItWasGiven() {
        Map<String, String> odd = new HashMap<>();
        odd.put("ODD_QUOTES", "it's \"so\" `called` \\ \\n");
        odd.put("ODD_LINES", "one\ntwo\r\n\tthree\n");
        odd.put("ODD_MARKS", "$HOME ${PATH} $(id) %s * ; & | < > # ! ~");
        odd.put("ODD_WORDS", "呼叫中心 zażółć gęślą jaźń ☎ 𝄞");
        odd.put("ODD_SPACES", "  around  ");
        odd.put("ODD_EMPTY", "");
        odd.put("ODD_LONG", "x".repeat(20_000));
        engine().ensure(probe("odd", 1, odd));
        eventually(() -> assertThat(ready("odd")).hasSize(1));

        odd.forEach(
                (name, value) -> assertThat(ask(only("odd"), "/env?" + name)).isEqualTo(value));
    }

    @Test
    default void logTailIsWhatWasWrittenLastOrNothing() {
        engine().ensure(workload("log", 1));
        eventually(() -> assertThat(ready("log")).hasSize(1));

        for (int n = 1; n <= 5; n++) {
            ask(only("log"), "/log?line%20" + n + "%20%E2%98%8E");
        }

        assertThat(engine().logTail(only("log").id(), 0)).isEmpty();
        if (!has(Capability.KEEP_LOGS)) {
            meanwhile(() -> assertThat(engine().logTail(only("log").id(), 2)).isEmpty());
            return;
        }
        eventually(() -> assertThat(engine().logTail(only("log").id(), 2)).containsExactly("line 4 ☎", "line 5 ☎"));
        assertThat(engine().logTail(only("log").id(), 100)).contains("probe started", "line 1 ☎");
    }

    @Test
    default void aLogIsReadOnFromWhereItWas() {
        engine().ensure(workload("read-on", 1));
        eventually(() -> assertThat(ready("read-on")).hasSize(1));
        String id = only("read-on").id();
        if (!has(Capability.KEEP_LOGS)) {
            assertThat(engine().logAfter(id, Optional.empty(), 100).lines()).isEmpty();
            return;
        }
        List<String> read = new ArrayList<>();
        AtomicReference<Optional<String>> place = new AtomicReference<>(Optional.empty());
        ThrowingRunnable readOn = () -> {
            LogPart part = engine().logAfter(id, place.get(), 100);
            read.addAll(part.lines());
            place.set(Optional.of(part.end()));
        };

        for (int n = 1; n <= 5; n++) {
            ask(only("read-on"), "/log?line%20" + n);
            int last = n;
            eventually(() -> {
                readOn.run();
                assertThat(read).contains("line " + last);
            });
        }

        assertThat(read).doesNotHaveDuplicates().containsSubsequence("line 1", "line 2", "line 3", "line 4", "line 5");
        assertThat(engine().logAfter(id, Optional.empty(), 1).lines()).hasSize(1);
    }

    @Test
    default void measuresAndLimitsCpuOrSaysItCannot() {
        engine().ensure(withCpu(workload("busy", 1), 200));
        eventually(() -> assertThat(ready("busy")).hasSize(1));
        String id = only("busy").id();
        ask(only("busy"), "/burn?60000");
        ask(only("busy"), "/burn?60000");

        if (!has(Capability.MEASURE_USAGE)) {
            meanwhile(() -> assertThat(engine().usage(id)).isEmpty());
            return;
        }
        if (has(Capability.LIMIT_CPU)) {
            // The first interval may have begun before the load did.
            eventually(() -> assertThat(cpu(id)).isGreaterThan(100));
            meanwhile(() -> assertThat(cpu(id)).isLessThan(320));
        } else {
            eventually(() -> assertThat(cpu(id)).isGreaterThan(320));
        }
        assertThat(engine().usage(id))
                .hasValueSatisfying(usage -> assertThat(usage.memoryMib()).isBetween(5, 128));
    }

    @Test
    default void endsWhatTakesTooMuchMemoryOrSaysItCannot() {
        engine().ensure(workload("hungry", 1));
        eventually(() -> assertThat(ready("hungry")).hasSize(1));
        String id = only("hungry").id();

        ask(only("hungry"), "/allocate?300");

        if (has(Capability.LIMIT_MEMORY)) {
            eventually(() -> assertThat(ready("hungry")).hasSize(1).allSatisfy(task -> {
                assertThat(task.restarts()).isEqualTo(1);
                assertThat(task.message()).contains("memory").contains("128");
            }));
        } else {
            if (has(Capability.MEASURE_USAGE)) {
                eventually(() -> assertThat(engine().usage(id))
                        .hasValueSatisfying(
                                usage -> assertThat(usage.memoryMib()).isGreaterThan(300)));
            }
            assertThat(only("hungry").restarts()).isZero();
        }
    }

    @Test
    default void pinsDigestsOrSaysItCannot() {
        Workload byDigest = EngineContract.withImage(workload("digest", 1), imageByDigest());

        assertThat(engine().ensure(byDigest)).isEqualTo(new Accepted());

        eventually(() -> assertThat(ready("digest")).hasSize(1));
        String otherDigest = imageByDigest().replaceAll("@sha256:.*", "@sha256:" + "0".repeat(64));
        var answer = engine().ensure(EngineContract.withImage(workload("wrong-digest", 0), otherDigest));
        if (has(Capability.IMAGES_BY_DIGEST)) {
            assertThat(answer).isInstanceOf(Refused.class);
        } else {
            assertThat(answer).isEqualTo(new Accepted());
        }
    }

    @Test
    default void anImageThatIsNowhereIsInvalid() {
        var answer = engine().ensure(EngineContract.withImage(workload("nowhere", 1), missingImage()));

        assertThat(answer).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.INVALID);
            assertThat(refused.detail()).contains(missingImage());
        });
        assertThat(engine().workloads()).doesNotContain("nowhere");
    }

    @Test
    default void tasksFoundAgainAreTheSameAndCaredFor() {
        engine().ensure(workload("adopted", 1));
        eventually(() -> assertThat(ready("adopted")).hasSize(1));
        Task before = only("adopted");
        String nonce = ask(before, "/nonce");

        var reopened = reopened();

        if (reopened.capabilities().contains(Capability.OUTLIVE_ADAPTER)) {
            // At the first look already, or a restart of the platform would take every service out of its balancer.
            assertThat(only("adopted").state()).isEqualTo(State.READY);
            assertThat(only("adopted").ports()).isEqualTo(before.ports());
            assertThat(ask(only("adopted"), "/nonce")).isEqualTo(nonce);
            ask(before, "/exit?5");
            eventually(() -> assertThat(ready("adopted")).hasSize(1).allSatisfy(task -> {
                assertThat(task.id()).isNotEqualTo(before.id());
                assertThat(task.restarts()).isEqualTo(1);
            }));
        } else {
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> ask(before, "/nonce"));
        }
    }

    /** What comes to the ports is the task's, at the address that it puts into its SDP. */
    @Test
    default void aTaskIsToldItsPortsForMediaAndReachedThere() {
        if (!has(Capability.MEDIA_PORTS)) {
            return;
        }
        engine().ensure(EngineContract.withMedia(workload("sound", 1), 10));
        eventually(() -> assertThat(ready("sound")).hasSize(1));
        Task task = only("sound");
        PortRange block = Objects.requireNonNull(task.media().get("rtp"));

        assertThat(ask(task, "/env?PORT_RTP_FIRST")).isEqualTo(String.valueOf(block.first()));
        assertThat(ask(task, "/env?PORT_RTP_LAST")).isEqualTo(String.valueOf(block.last()));
        String address = ask(task, "/env?SWITCHBOARD_MEDIA_ADDRESS");
        for (int port : List.of(block.first(), block.last())) {
            ask(task, "/echo?" + port);
            eventually(() -> assertThat(echo(address, port, "G.711")).isEqualTo("G.711"));
        }
    }

    @Test
    default void aTaskThatEndsByItselfGivesItsPortsForMediaBack() {
        if (!has(Capability.MEDIA_PORTS)) {
            return;
        }
        engine().ensure(EngineContract.withMedia(workload("hangs-up", 1), 10));
        eventually(() -> assertThat(ready("hangs-up")).hasSize(1));
        int used = engine().nodes().getFirst().media().orElseThrow().used();

        ask(only("hangs-up"), "/exit?5");

        eventually(() -> assertThat(ready("hangs-up"))
                .singleElement()
                .satisfies(task -> assertThat(task.restarts()).isEqualTo(1)));
        assertThat(engine().nodes().getFirst().media().orElseThrow().used()).isEqualTo(used);
    }

    private static String echo(String address, int port, String text) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(1000);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress(address, port)));
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
        } catch (SocketTimeoutException | PortUnreachableException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Workload withCpu(Workload workload, int cpuMillis) {
        return new Workload(
                workload.name(),
                workload.image(),
                workload.tasks(),
                cpuMillis,
                workload.memoryMib(),
                workload.ports(),
                workload.environment(),
                workload.health(),
                workload.stopGrace());
    }

    /** The workload's only task. */
    default Task only(String workload) {
        List<Task> tasks = engine().tasks(workload);
        assertThat(tasks).hasSize(1);
        return tasks.getFirst();
    }

    default int cpu(String taskId) {
        return engine().usage(taskId).map(Usage::cpuMillis).orElse(0);
    }

    /** What the probe app of the task answers. */
    static String ask(Task task, String path) {
        URI uri = URI.create("http://" + task.host() + ":" + task.ports().get("http") + path);
        try {
            var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5));
            return HTTP.send(request.build(), BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Duration between(Map<Integer, Instant> starts, int first, int second) {
        return Duration.between(starts.getOrDefault(first, Instant.EPOCH), starts.getOrDefault(second, Instant.EPOCH));
    }
}
