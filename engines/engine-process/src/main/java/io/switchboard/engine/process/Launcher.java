package io.switchboard.engine.process;

import io.switchboard.engine.Workload;
import io.switchboard.engine.supervision.StartFailed;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Starts a task's first process, in a session of its own, so that neither Ctrl-C at the platform's terminal nor the end
 * of this JVM reaches it, and writing to a file, so that nobody has to read along.
 */
final class Launcher {

    /** Set in every task, by every engine. */
    static final String TASK_ID = "SWITCHBOARD_TASK_ID";

    /** Marks processes of one engine's directory. */
    static final String ENGINE = "SWITCHBOARD_ENGINE_DIRECTORY";

    /** What tasks get of the platform's own environment, which may hold its secrets. */
    private static final List<String> INHERITED =
            List.of("PATH", "HOME", "JAVA_HOME", "LANG", "LC_ALL", "TZ", "TMPDIR");

    private final String marker;
    private final String host;
    private final String mediaAddress;

    /**
     * @param host where tasks are reached
     * @param mediaAddress where callers reach their media
     */
    Launcher(Path directory, String host, String mediaAddress) {
        this.marker = directory.toString();
        this.host = host;
        this.mediaAddress = mediaAddress;
    }

    String marker() {
        return marker;
    }

    Process start(Workload workload, List<String> command, TaskRecord task, Path directory) throws StartFailed {
        Path script = directory.resolve("start");
        try {
            Files.writeString(
                    script, StartScript.of(command, StartScript.environment(workload, task, host, mediaAddress)));
            ProcessBuilder builder = new ProcessBuilder("setsid", "/bin/sh", script.toString())
                    .directory(directory.resolve("work").toFile())
                    .redirectInput(Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(directory.resolve("log").toFile()));
            Map<String, String> environment = builder.environment();
            environment.keySet().retainAll(INHERITED);
            environment.putIfAbsent("LANG", "C.UTF-8");
            // In the script too; here so that the process is known for ours before the shell has read it.
            environment.put(TASK_ID, task.id());
            environment.put(ENGINE, marker);
            return builder.start();
        } catch (IOException e) {
            throw new StartFailed("the program could not be started: " + e.getMessage());
        }
    }
}
