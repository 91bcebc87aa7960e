package io.switchboard.access.balancer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs detached from this process, so that it goes on when this one dies. It is found again by the file that it was
 * started with.
 *
 * @param name for operators
 */
public record DetachedProgram(String name, Path path) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What was started with this file and left its number in the other; empty if it doesn't run. */
    public static Optional<ProcessHandle> running(Path file, Path pidFile) {
        return number(pidFile).flatMap(ProcessHandle::of).filter(process -> runs(process, file));
    }

    private static Optional<Long> number(Path pidFile) {
        try {
            var text = Files.readString(pidFile);
            // Half a number would be somebody else's.
            return text.endsWith("\n") ? Optional.of(Long.parseLong(text.strip())) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Of the processes that were started with this file the one that started the others, whether or not its number is written
     * anywhere. Only for a program whose processes end with their first one: one that is left behind would be taken for it.
     */
    public Optional<ProcessHandle> firstOf(Path file) {
        return ProcessHandle.allProcesses()
                .filter(process -> isThis(process, file))
                .filter(process ->
                        process.parent().filter(parent -> isThis(parent, file)).isEmpty())
                .findFirst();
    }

    /** Others have the file in their command line, too: an editor, say. */
    private boolean isThis(ProcessHandle process, Path file) {
        return process.info()
                        .command()
                        // A process that is just being made may be said to run "/", which has no name.
                        .flatMap(command -> Optional.ofNullable(Path.of(command).getFileName()))
                        .map(Path::toString)
                        // More follows once a newer package has taken its place: " (deleted)".
                        .filter(command -> command.startsWith(path.getFileName().toString()))
                        .isPresent()
                && runs(process, file);
    }

    /** Whether the process was started with this file. */
    public static boolean runs(ProcessHandle process, Path file) {
        return process.info()
                .commandLine()
                .filter(line -> (line + " ").contains(" " + file + " "))
                .isPresent();
    }

    /**
     * Runs until it is up, or has done what it was asked for.
     *
     * @param hint where else it may say why it fails
     * @throws BalancerUnavailable if it fails, with what it says
     */
    public void run(Path file, List<String> options, String hint) {
        List<String> command = new ArrayList<>();
        command.add(path.toString());
        command.addAll(options);
        command.add("-f");
        command.add(file.toString());
        var output = file.resolveSibling(name.toLowerCase(Locale.ROOT) + ".out");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new BalancerUnavailable(name + " was neither up nor down after " + PATIENCE, null);
            }
            if (process.exitValue() != 0) {
                throw new BalancerUnavailable(
                        name + " refused: " + Files.readString(output).strip() + hint, null);
            }
        } catch (IOException e) {
            throw new BalancerUnavailable(path + " can't be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BalancerUnavailable("interrupted while " + name + " was starting", e);
        }
    }
}
