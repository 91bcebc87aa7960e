package io.switchboard.image.registry;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** @param path of the registry's executable; empty if it isn't installed, or not wanted */
record RegistryProgram(Optional<Path> path) {

    /** @param searchPath as in the environment variable {@code PATH} */
    static Optional<Path> find(String program, String searchPath) {
        var candidates = program.contains("/")
                ? Stream.of(Path.of(program))
                : Arrays.stream(searchPath.split(File.pathSeparator))
                        .filter(directory -> !directory.isEmpty())
                        .map(directory -> Path.of(directory, program));
        return candidates.filter(Files::isExecutable).findFirst();
    }
}
