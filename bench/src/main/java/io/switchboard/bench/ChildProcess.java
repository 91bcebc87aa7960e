package io.switchboard.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A main class in a JVM of its own that ends with this one, or by SIGKILL before. */
final class ChildProcess {

    private final Process process;

    private ChildProcess(Process process) {
        this.process = process;
    }

    /** @param lines gets each line that the process prints, on a thread of its own */
    static ChildProcess start(Class<?> main, List<String> jvmOptions, List<String> arguments, Consumer<String> lines)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.addAll(jvmOptions);
        // Otherwise logback writes all that libraries say.
        command.add("-Dlogback.configurationFile=bench-processes.xml");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Thread.ofVirtual().start(() -> read(process.inputReader(), lines));
        return new ChildProcess(process);
    }

    /** @param log gets each line that the process prints */
    static ChildProcess start(Class<?> main, List<String> jvmOptions, List<String> arguments, Path log)
            throws IOException {
        return start(main, jvmOptions, arguments, line -> append(log, line));
    }

    private static void append(Path log, String line) {
        try {
            Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            // The directory is gone, and so is who would read it.
        }
    }

    private static void read(BufferedReader output, Consumer<String> lines) {
        try (output) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            // It was killed.
        }
    }

    /** What it still refers to, counted by a full collection of its own. */
    long liveHeapBytes() throws IOException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var histogram = new ProcessBuilder(jcmd, String.valueOf(process.pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        try (var lines = histogram.inputReader()) {
            String total = lines.lines()
                    .filter(line -> line.startsWith("Total"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("jcmd gave no histogram of process " + process.pid()));
            return Long.parseLong(total.split("\\s+", -1)[2]);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Returns once it is gone. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }
}
