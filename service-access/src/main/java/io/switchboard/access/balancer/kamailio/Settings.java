package io.switchboard.access.balancer.kamailio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** Kamailio's configuration, but for what goes where; all values are checked before they get here. */
record Settings(KamailioProperties properties, Path directory) {

    Settings {
        if (!directory.toString().matches("[A-Za-z0-9/._-]+")) {
            throw new IllegalArgumentException(
                    "access.kamailio.directory must be letters, digits and any of /._- but was " + directory);
        }
    }

    Path file() {
        return directory.resolve("kamailio.cfg");
    }

    Path start() {
        return directory.resolve("domains.cfg");
    }

    Path list() {
        return directory.resolve("dispatcher.list");
    }

    Path pid() {
        return directory.resolve("kamailio.pid");
    }

    String render() {
        var advertise = properties.advertise();
        return template()
                .replace("@DIRECTORY@", directory.toString())
                .replace("@LISTEN@", properties.bind() + (advertise.isEmpty() ? "" : " advertise " + advertise))
                .replace("@PROCESSES@", Integer.toString(properties.processes()))
                .replace("@SILENCE@", Long.toString(properties.silence().toMillis()))
                .replace("@MOST@", Integer.toString(properties.mostPerSecond()))
                .replace("@MOST_OF_ONE@", Integer.toString((properties.mostPerSecond() + 1) / 2))
                .replace("@MOST_HELD@", Integer.toString(mostHeld()))
                .replace("@TASK_NETWORKS@", String.join(",", properties.taskNetworks()));
    }

    /**
     * Transactions at once. Measured: Kamailio takes 4 MiB for itself and 16 to 20 KiB for each; its count is up to two seconds
     * old, and the rest is for that and for where Call-IDs went.
     */
    private int mostHeld() {
        return (properties.memoryMib() - 4) * 32;
    }

    private static String template() {
        try (var in = Settings.class.getResourceAsStream("kamailio.cfg")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
