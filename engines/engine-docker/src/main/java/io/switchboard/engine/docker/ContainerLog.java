package io.switchboard.engine.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import io.switchboard.engine.EngineUnavailable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reads a container's last lines. */
final class ContainerLog extends ResultCallback.Adapter<Frame> {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private ContainerLog() {}

    static List<String> tail(Daemon daemon, String containerId, int lines) {
        var command = daemon.streams()
                .logContainerCmd(containerId)
                .withStdOut(true)
                .withStdErr(true)
                .withTail(lines);
        try (ContainerLog log = command.exec(new ContainerLog())) {
            log.awaitCompletion(10, TimeUnit.SECONDS);
            return log.lines(lines);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (IOException e) {
            throw new EngineUnavailable("docker", e);
        }
    }

    @Override
    public void onNext(Frame frame) {
        bytes.writeBytes(frame.getPayload());
    }

    private List<String> lines(int most) {
        List<String> all = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }
}
