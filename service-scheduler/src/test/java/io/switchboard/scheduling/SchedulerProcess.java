package io.switchboard.scheduling;

import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** The whole service in a JVM of its own, so that it can be killed, or made to stand still. */
final class SchedulerProcess implements AutoCloseable {

    private final Process process;

    private SchedulerProcess(Process process) {
        this.process = process;
    }

    /** @param arguments as the service takes them */
    static SchedulerProcess start(Path log, List<String> arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        return new SchedulerProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    }

    long pid() {
        return process.pid();
    }

    /** What {@code kill} takes: {@code STOP}, {@code CONT}, {@code KILL}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    /** Nobody calls its API here; {@link TaskSnapshot}s and events go to the broker. */
    static final class Main {

        private Main() {}

        public static void main(String[] args) {
            SchedulerApplication.application()
                    .initializers(own -> ((GenericApplicationContext) own)
                            .registerBean("tokens", JwtDecoder.class, () -> token -> {
                                throw new IllegalStateException("nobody calls");
                            }))
                    .run(args);
        }
    }
}
