package io.switchboard.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program that was run to its end, and what it wrote to its standard output. */
record Command(int status, String output) {

    private static final int NO_SUCH_PROGRAM = 127;

    static Command docker(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return run(Map.of(), command.toArray(String[]::new));
    }

    static Command run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Command(process.waitFor(), output);
        } catch (IOException e) {
            return new Command(NO_SUCH_PROGRAM, e.toString());
        }
    }

    boolean succeeded() {
        return status == 0;
    }

    /** @throws IllegalStateException if it failed */
    String orFail() {
        if (status != 0) {
            throw new IllegalStateException("exit " + status + ": " + output);
        }
        return output;
    }
}
