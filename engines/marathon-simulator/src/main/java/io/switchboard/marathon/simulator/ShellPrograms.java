package io.switchboard.marathon.simulator;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Programs that are processes of this machine, started by a shell as Mesos' command executor does. */
public final class ShellPrograms implements Programs, AutoCloseable {

    private static final int SIGNALLED = 128;

    private final Path directory;
    private final String host;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    /**
     * @param directory for the tasks' logs and working directories
     * @param host where their ports are reached
     */
    public ShellPrograms(Path directory, String host) {
        this.directory = directory;
        this.host = host;
    }

    @Override
    public Program start(Task task, Consumer<Ending> ended) {
        try {
            Path home = Files.createDirectories(directory.resolve(task.id()));
            Path script = home.resolve("start");
            Files.writeString(script, script(task));
            ProcessBuilder builder = new ProcessBuilder("setsid", "/bin/sh", script.toString())
                    .directory(home.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("stdout").toFile());
            builder.environment().keySet().retainAll(Set.of("PATH", "HOME", "JAVA_HOME"));
            builder.environment().put("LANG", "C.UTF-8");
            Process process = builder.start();
            running.add(process);
            Shell shell = new Shell(process);
            Thread.ofVirtual().start(() -> await(shell, ended));
            return shell;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await(Shell shell, Consumer<Ending> ended) {
        try {
            int code = shell.process.waitFor();
            running.remove(shell.process);
            if (shell.told) {
                ended.accept(Ending.signalled(code == SIGNALLED + 9 ? "Killed" : "Terminated"));
            } else {
                ended.accept(Ending.exited(code));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** In a file, because Java passes variables on in the encoding of its locale. */
    private static String script(Task task) {
        StringBuilder script = new StringBuilder();
        new TreeMap<>(task.environment())
                .forEach((name, value) -> script.append("export ")
                        .append(name)
                        .append("='")
                        .append(value.replace("'", "'\\''"))
                        .append("'\n"));
        return script.append(task.command().isEmpty() ? "exec sleep 100000" : task.command())
                .append('\n')
                .toString();
    }

    @Override
    public void close() {
        running.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
        http.close();
    }

    private final class Shell implements Program {
        private final Process process;
        private volatile boolean told;

        private Shell(Process process) {
            this.process = process;
        }

        @Override
        public void terminate() {
            told = true;
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }

        @Override
        public void kill() {
            told = true;
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }

        @Override
        public void ask(int port, String path, Consumer<Integer> status) {
            Thread.ofVirtual().start(() -> status.accept(path.isEmpty() ? connect(port) : get(port, path)));
        }

        private int connect(int port) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, port), 1000);
                return 200;
            } catch (IOException e) {
                return 0;
            }
        }

        private int get(int port, String path) {
            try {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path))
                        .timeout(Duration.ofSeconds(2))
                        .build();
                return http.send(request, BodyHandlers.discarding()).statusCode();
            } catch (IOException e) {
                return 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 0;
            }
        }
    }
}
