package io.switchboard.image;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs these tests can't do without. */
public final class RequiredPrograms {

    private RequiredPrograms() {}

    public static Path dockerRegistry() {
        return find("docker-registry");
    }

    static Path skopeo() {
        return find("skopeo");
    }

    private static Path find(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        program + " is not installed; on Debian: apt-get install docker-registry skopeo"));
    }
}
