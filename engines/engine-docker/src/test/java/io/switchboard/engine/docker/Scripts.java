package io.switchboard.engine.docker;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the repository's scripts. */
final class Scripts {

    private Scripts() {}

    /** What the script wrote to its standard output. */
    static String run(String script, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(root().resolve(script).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int code = process.waitFor();
            if (code != 0) {
                throw new AssertionError(script + " " + String.join(" ", arguments) + " ended with " + code
                        + "; its messages above say what is needed");
            }
            return output;
        } catch (IOException e) {
            throw new AssertionError(script + " can't be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new AssertionError(
                    "the repository's root is not above " + Path.of("").toAbsolutePath());
        }
        return folder;
    }
}
