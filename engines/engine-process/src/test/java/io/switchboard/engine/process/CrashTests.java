package io.switchboard.engine.process;

import static io.switchboard.engine.testkit.ProbeContract.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Engine;
import io.switchboard.engine.PortRange;
import io.switchboard.engine.Task;
import io.switchboard.engine.Task.State;
import io.switchboard.engine.Workload;
import io.switchboard.engine.Workload.Health;
import io.switchboard.engine.Workload.Port;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** What is left after a crash at each of the moments where it could leave something. */
class CrashTests {

    private final Path directory;

    CrashTests(@TempDir Path directory) {
        this.directory = directory;
    }

    /** Runs an engine until it is killed. */
    static final class Victim {

        private Victim() {}

        @SuppressWarnings("resource") // It is never closed: that is the point.
        public static void main(String[] arguments) throws InterruptedException {
            Engine engine = open(Path.of(arguments[0]));
            engine.ensure(workload());
            awaitReady(engine);
            System.out.println(ids(engine));
            Thread.currentThread().join();
        }
    }

    @AfterEach
    void leaveNothingBehind() {
        try (Engine engine = open(directory)) {
            engine.workloads().forEach(engine::remove);
            await().until(() -> engine.workloads().isEmpty());
        }
        assertThat(running()).isEmpty();
    }

    @Test
    void aKilledPlatformFindsItsTasksAgain() throws Exception {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.toString())
                .redirectError(Redirect.INHERIT)
                .start();
        String ids = lastLine(victim.inputReader(StandardCharsets.UTF_8));
        assertThat(running()).hasSize(2);
        List<Long> before = pids();
        victim.destroyForcibly().waitFor();

        assertThat(pids()).isEqualTo(before);
        try (Engine engine = open(directory)) {
            assertThat(ids(engine)).isEqualTo(ids);
            assertThat(engine.tasks("shop")).extracting(Task::state).containsOnly(State.READY);
            assertThat(engine.tasks("shop")).extracting(Task::media).doesNotHaveDuplicates();
            engine.tasks("shop")
                    .forEach(task -> assertThat(ask(task, "/env?PORT_RTP_FIRST"))
                            .isEqualTo(String.valueOf(
                                    Objects.requireNonNull(task.media().get("rtp"))
                                            .first())));
            assertThat(engine.ensure(workload())).isEqualTo(new Accepted());
            engine.tasks("shop").forEach(task -> assertThat(ask(task, "/nonce")).isNotBlank());
            await().during(Duration.ofSeconds(2)).until(() -> pids().equals(before));
        }
    }

    @Test
    void aTaskWhoseStartWasNotRecordedIsFound() {
        String ids = runOnce();
        List<Long> before = pids();
        try (RecordStore store = new RecordStore(directory)) {
            store.tasks()
                    .forEach(task -> store.write(new TaskRecord(
                            task.launch(), task.workload(), task.memoryMib(), task.ports(), task.media(), 0, 0)));
        }

        try (Engine engine = open(directory)) {
            assertThat(ids(engine)).isEqualTo(ids);
            await().during(Duration.ofSeconds(2)).until(() -> pids().equals(before));
        }
    }

    @Test
    void recordsOfVersionsThatKnewNoMediaAreRead() throws IOException {
        String ids = runOnce();
        try (var records = Files.walk(directory.resolve("tasks"))) {
            for (Path record :
                    records.filter(file -> file.endsWith("task.json")).toList()) {
                String before = Files.readString(record);
                String old = before.replaceAll("\"media\":\\{\"rtp\":\\{[^}]*}},", "");
                assertThat(old).isNotEqualTo(before).doesNotContain("media");
                Files.writeString(record, old);
            }
        }

        try (Engine engine = open(directory)) {
            assertThat(ids(engine)).isEqualTo(ids);
            assertThat(engine.tasks("shop")).extracting(Task::media).containsOnly(Map.of());
        }
    }

    @Test
    void aTaskThatWasNeverStartedIsStartedAgain() {
        String ids = runOnce();
        running().values().forEach(CrashTests::kill);
        try (RecordStore store = new RecordStore(directory)) {
            store.tasks()
                    .forEach(task -> store.write(new TaskRecord(
                            task.launch(), task.workload(), task.memoryMib(), task.ports(), task.media(), 0, 0)));
        }

        try (Engine engine = open(directory)) {
            awaitReady(engine);
            assertThat(ids(engine)).isNotEqualTo(ids);
            assertThat(engine.tasks("shop"))
                    .allSatisfy(task -> assertThat(task.message()).contains("was not started"));
            assertThat(running()).hasSize(2);
        }
    }

    @Test
    void anotherProcessWithTheSamePidIsNotTakenForATask() {
        runOnce();
        running().values().forEach(CrashTests::kill);
        long stranger = ProcessHandle.current().pid();
        try (RecordStore store = new RecordStore(directory)) {
            store.tasks()
                    .forEach(task -> store.write(new TaskRecord(
                            task.launch(),
                            task.workload(),
                            task.memoryMib(),
                            task.ports(),
                            task.media(),
                            stranger,
                            task.startTicks())));
        }

        try (Engine engine = open(directory)) {
            awaitReady(engine);
            assertThat(pids()).hasSize(2).doesNotContain(stranger);
        }
    }

    @Test
    void whatWasForgottenIsEnded() {
        runOnce();
        try (RecordStore store = new RecordStore(directory)) {
            store.tasks().forEach(task -> store.discard(task.id()));
            store.forget("shop");
        }

        try (Engine engine = open(directory)) {
            assertThat(engine.workloads()).isEmpty();
            await().until(() -> running().isEmpty());
        }
    }

    @Test
    void halfWrittenRecordsDontDisturb() throws IOException {
        String ids = runOnce();
        Files.writeString(directory.resolve("workloads").resolve("shop.json.new"), "{\"workl");
        Files.createDirectories(directory.resolve("tasks").resolve("half").resolve("work"));

        try (Engine engine = open(directory)) {
            assertThat(ids(engine)).isEqualTo(ids);
            assertThat(directory.resolve("tasks").resolve("half")).doesNotExist();
        }
    }

    @Test
    void childrenEndWithTheirTask() {
        try (Engine engine = open(directory)) {
            engine.ensure(workload());
            awaitReady(engine);
            ask(engine.tasks("shop").getFirst(), "/fork?");
            assertThat(pids()).hasSizeGreaterThan(2);

            engine.ensure(workload().withTasks(0));

            await().until(() -> running().isEmpty());
        }
    }

    private String runOnce() {
        try (Engine engine = open(directory)) {
            engine.ensure(workload());
            awaitReady(engine);
            return ids(engine);
        }
    }

    private Map<String, List<ProcessStat>> running() {
        return new Processes(new Proc(Path.of("/proc")), directory.toString()).byTask();
    }

    private List<Long> pids() {
        return running().values().stream()
                .flatMap(List::stream)
                .map(ProcessStat::pid)
                .sorted()
                .toList();
    }

    private static void kill(List<ProcessStat> processes) {
        processes.forEach(process -> ProcessHandle.of(process.pid()).ifPresent(handle -> {
            handle.destroyForcibly();
            await().until(() -> !handle.isAlive());
        }));
    }

    private static String lastLine(BufferedReader reader) throws IOException {
        String line = reader.readLine();
        while (line != null && !line.startsWith("ids ")) {
            line = reader.readLine();
        }
        return String.valueOf(line);
    }

    private static String ids(Engine engine) {
        return engine.tasks("shop").stream().map(Task::id).sorted().collect(Collectors.joining(" ", "ids ", ""));
    }

    private static void awaitReady(Engine engine) {
        await().until(() -> engine.tasks("shop").stream()
                        .filter(task -> task.state() == State.READY)
                        .count()
                == 2);
    }

    private static Workload workload() {
        return new Workload(
                "shop",
                "probe",
                2,
                100,
                128,
                List.of(new Port("http", 8080), Port.media("rtp", 10)),
                Map.of(),
                new Health.Http(
                        "http", "/health", Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofSeconds(60)),
                Duration.ofSeconds(5));
    }

    private static Engine open(Path directory) {
        return ProcessEngineAutoConfiguration.engine(
                new ProcessEngineProperties(
                        Map.of("probe", ProcessEngineContractTests.probe()),
                        directory,
                        "127.0.0.1",
                        new PortRange(20000, 29999),
                        // Where neither FreePorts nor the kernel takes any.
                        new PortRange(61000, 62989),
                        null,
                        DataSize.ofMegabytes(1),
                        true),
                Clock.systemUTC());
    }
}
