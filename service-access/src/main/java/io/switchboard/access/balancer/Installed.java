package io.switchboard.access.balancer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of this machine. */
public final class Installed {

    private Installed() {}

    /** Looks the name up in {@code PATH} and where distributions put it; a path is taken as it is. */
    public static Optional<Path> find(String name) {
        var folders = name.contains("/")
                ? Stream.of("")
                : Stream.concat(
                        Arrays.stream(Optional.ofNullable(System.getenv("PATH"))
                                .orElse("")
                                .split(":", -1)),
                        Stream.of("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin"));
        return folders.map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
