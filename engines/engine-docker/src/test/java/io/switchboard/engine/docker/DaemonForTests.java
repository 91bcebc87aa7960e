package io.switchboard.engine.docker;

import io.switchboard.engine.EngineUnavailable;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The daemon that answers at DOCKER_HOST or the default socket, or one of its own; a test that gets neither fails. The
 * own one keeps its images below {@code target}, for the next run.
 */
final class DaemonForTests implements AutoCloseable {

    private static final String SCRIPT = "deploy/docker/dockerd-for-tests";

    private final URI host;
    private final boolean own;

    DaemonForTests() {
        URI given = URI.create(Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("unix:///var/run/docker.sock"));
        this.own = !answers(given);
        String directory = directory();
        this.host = own
                ? URI.create(Scripts.run(
                                SCRIPT,
                                Map.of(),
                                "start",
                                directory,
                                Long.toString(ProcessHandle.current().pid()))
                        .replace("DOCKER_HOST=", ""))
                : given;
    }

    URI host() {
        return host;
    }

    private static String directory() {
        return Path.of("target", "dockerd").toAbsolutePath().toString();
    }

    private static boolean answers(URI host) {
        try (Daemon daemon = new Daemon(host)) {
            daemon.ask(client -> client.pingCmd().exec());
            return true;
        } catch (EngineUnavailable e) {
            return false;
        }
    }

    @Override
    public void close() {
        if (own) {
            Scripts.run(SCRIPT, Map.of(), "stop", directory());
        }
    }
}
