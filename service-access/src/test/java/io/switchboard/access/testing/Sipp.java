package io.switchboard.access.testing;

import static org.awaitility.Awaitility.await;

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
public final class Sipp {

    private static final long LONGEST_SECONDS = 60;

    private Sipp() {}

    /** What carries the messages. */
    public enum Transport {
        UDP("-t", "u1"),
        /** A connection for each call. sipp would allow itself more of them than many a machine has files. */
        TCP("-t", "tn", "-max_socket", "1000");

        private final List<String> options;

        Transport(String... options) {
            this.options = List.of(options);
        }
    }

    private static Process start(Path output, String scenario, Transport transport, List<String> arguments) {
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
                    LONGEST_SECONDS + "s"));
            command.addAll(transport.options);
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
    public record Calls(Process process, Path output) {

        /** @param lasting each, from its ACK to its BYE */
        public static Calls begin(
                Path directory, Transport transport, int proxy, String domain, int calls, Duration lasting) {
            int port = FreePorts.next();
            var output = directory.resolve("caller-" + port + ".out");
            return new Calls(
                    start(
                            output,
                            "caller.xml",
                            transport,
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
        public boolean succeeded() {
            try {
                if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
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
    public static final class Answering implements AutoCloseable {

        private final String id;
        private final int port = FreePorts.next();
        private final Path seen;
        private final Process process;

        public Answering(Path directory, String id, Transport transport) {
            this.id = id;
            this.seen = directory.resolve("task-" + port + ".log");
            this.process = start(
                    directory.resolve("task-" + port + ".out"),
                    "task.xml",
                    transport,
                    List.of("-p", Integer.toString(port), "-trace_logs", "-log_file", seen.toString()));
        }

        public ServingTask serving(State state) {
            return new ServingTask(id, "127.0.0.1", Map.of("sip", port), state);
        }

        /** Call-IDs of what came with this method. */
        public Set<String> seen(String method) {
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

        public void awaitCalls(int number) {
            await().until(() -> seen("ACK").size() >= number);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
