package io.switchboard.access.balancer.kamailio;

import static org.awaitility.Awaitility.await;

import io.switchboard.access.testing.Programs;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Calls over SIP, made and taken by sipp. */
final class Sipp {

    private Sipp() {}

    private static Process start(Path output, String scenario, List<String> arguments) {
        try {
            var file = Path.of(Sipp.class.getResource("/sip/" + scenario).toURI());
            List<String> command = new ArrayList<>(List.of(
                    Programs.sipp().toString(),
                    "-sf",
                    file.toString(),
                    "-i",
                    "127.0.0.1",
                    "-nostdin",
                    "-timeout",
                    "20s"));
            command.addAll(arguments);
            return new ProcessBuilder(command)
                    .directory(Path.of(System.getProperty("java.io.tmpdir")).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException | java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Calls that begin at once and end by themselves. */
    record Calls(Process process, Path output) {

        /** @param lasting each, from its ACK to its BYE */
        static Calls begin(Path directory, int proxy, String domain, int calls, Duration lasting) {
            int port = FreePorts.next();
            var output = directory.resolve("caller-" + port + ".out");
            return new Calls(
                    start(
                            output,
                            "caller.xml",
                            List.of(
                                    "-p",
                                    Integer.toString(port),
                                    "-key",
                                    "domain",
                                    domain,
                                    "-m",
                                    Integer.toString(calls),
                                    "-r",
                                    "100",
                                    "-d",
                                    Long.toString(lasting.toMillis()),
                                    "127.0.0.1:" + proxy)),
                    output);
        }

        /** Whether all were answered and ended in good order. */
        boolean succeeded() {
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                return process.waitFor() == 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Takes calls until it is closed. */
    static final class Answering implements AutoCloseable {

        private final String id;
        private final int port = FreePorts.next();
        private final Path seen;
        private final Process process;

        Answering(Path directory, String id) {
            this.id = id;
            this.seen = directory.resolve("task-" + port + ".log");
            this.process = start(
                    directory.resolve("task-" + port + ".out"),
                    "task.xml",
                    List.of("-p", Integer.toString(port), "-trace_logs", "-log_file", seen.toString()));
        }

        ServingTask serving(State state) {
            return new ServingTask(id, "127.0.0.1", Map.of("sip", port), state);
        }

        /** Call-IDs of what came with this method. */
        Set<String> seen(String method) {
            try {
                return !Files.exists(seen)
                        ? Set.of()
                        : Files.readAllLines(seen).stream()
                                .filter(line -> line.startsWith(method + " "))
                                .map(line -> line.substring(method.length() + 1).strip())
                                .collect(Collectors.toSet());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void awaitCalls(int number) {
            await().until(() -> seen("ACK").size() >= number);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
