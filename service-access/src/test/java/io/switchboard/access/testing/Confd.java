package io.switchboard.access.testing;

import static org.awaitility.Awaitility.await;

import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * confd with the templates of {@code deploy/confd}, and an HAProxy that it renders for and reloads. Only what belongs to a
 * machine is changed in them: where the file goes, how HAProxy is told, and where it listens.
 */
public final class Confd implements AutoCloseable {

    /** Where HAProxy listens for TCP; the agent's HAProxy has the same ports at another address. */
    public static final String TCP_HOST = "127.0.0.2";

    private static final Path TEMPLATES = Path.of("..", "deploy", "confd");

    private final int httpPort = FreePorts.next();
    private final List<Process> processes = new ArrayList<>();
    private final Path directory;

    public Confd(Path directory, String etcd) {
        this.directory = directory;
        var binary = Path.of(System.getProperty("confd", ""));
        if (!Files.isExecutable(binary)) {
            throw new AssertionError("-Dconfd=" + binary + " is no program; build it with deploy/confd/build");
        }
        try {
            start(directory, etcd, binary);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Somebody who comes through confd's HAProxy. */
    public Visitor visitor() {
        return new Visitor(httpPort);
    }

    /** What confd and HAProxy wrote, and the file between them: for who wants to know why somebody isn't served. */
    public String state() {
        try {
            return "confd:\n%s\nhaproxy:\n%s\nhaproxy.cfg:\n%s"
                    .formatted(
                            Files.readString(directory.resolve("confd.out")),
                            Files.readString(directory.resolve("haproxy.out")),
                            Files.readString(directory.resolve("haproxy.cfg")));
        } catch (IOException e) {
            return String.valueOf(e);
        }
    }

    /** Who answers at a public TCP port. */
    public String tcpAnswer(int port) {
        var request = HttpRequest.newBuilder(URI.create("http://" + TCP_HOST + ":" + port + "/"))
                .timeout(Duration.ofSeconds(60))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void start(Path directory, String etcd, Path binary) throws IOException {
        var rendered = directory.resolve("haproxy.cfg");
        var pid = directory.resolve("haproxy.pid");
        Files.createDirectories(directory.resolve("conf.d"));
        Files.createDirectories(directory.resolve("templates"));
        adapt(
                "conf.d/haproxy.toml",
                directory,
                List.of(
                        "\"/etc/haproxy/haproxy.cfg\"", "\"" + rendered + "\"",
                        "systemctl reload haproxy", "(test ! -s " + pid + " || kill -USR2 $(cat " + pid + "))",
                        "\"haproxy -c", "\"" + Programs.haproxy() + " -c"));
        adapt(
                "templates/haproxy.cfg.tmpl",
                directory,
                List.of(
                        "/run/haproxy/admin.sock",
                                directory.resolve("admin.sock").toString(),
                        "bind :8000", "bind 127.0.0.1:" + httpPort,
                        "bind :{{", "bind " + TCP_HOST + ":{{"));
        List<String> confd = List.of(
                binary.toString(), "-backend", "etcd", "-node", etcd, "-confdir", directory.toString(), "-onetime");
        // A reload that is asked for before HAProxy listens for it would end it, so there is none while it starts.
        var first = run(directory, "confd-onetime", confd);
        if (first.onExit().join().exitValue() != 0) {
            throw new AssertionError(Files.readString(directory.resolve("confd-onetime.out")));
        }
        var haproxy =
                run(directory, "haproxy", List.of(Programs.haproxy().toString(), "-W", "-f", rendered.toString()));
        await().alias("confd's HAProxy listens").until(() -> {
            if (!haproxy.isAlive()) {
                throw new AssertionError(Files.readString(directory.resolve("haproxy.out")));
            }
            return accepts();
        });
        // Not by HAProxy's own -p: it empties that file at each reload, and a reload that comes then would be left out.
        Files.writeString(pid, Long.toString(haproxy.pid()));
        // It renders once as it starts, and reloads if something changed meanwhile.
        run(
                directory,
                "confd",
                Stream.concat(confd.stream().limit(confd.size() - 1), Stream.of("-watch"))
                        .toList());
    }

    /** Each text to replace must be there: a template that says something else is not what is tested. */
    private static void adapt(String file, Path directory, List<String> replacements) throws IOException {
        var text = Files.readString(TEMPLATES.resolve(file));
        for (int index = 0; index < replacements.size(); index += 2) {
            if (!text.contains(replacements.get(index))) {
                throw new AssertionError(file + " has no " + replacements.get(index));
            }
            text = text.replace(replacements.get(index), replacements.get(index + 1));
        }
        Files.writeString(directory.resolve(file), text);
    }

    private Process run(Path directory, String name, List<String> command) throws IOException {
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".out").toFile())
                .start();
        processes.add(process);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
        return process;
    }

    private boolean accepts() {
        try (var socket = new Socket("127.0.0.1", httpPort)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        processes.reversed().forEach(Confd::end);
    }
}
