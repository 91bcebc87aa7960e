package io.switchboard.engine.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.LogContainerCmd;
import com.github.dockerjava.api.model.Frame;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.LogPart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Reads a container's last lines. */
final class ContainerLog extends ResultCallback.Adapter<Frame> {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private ContainerLog() {}

    static List<String> tail(Daemon daemon, String containerId, int lines) {
        return last(read(of(daemon, containerId, lines)), lines);
    }

    /**
     * Where a reader stands.
     *
     * @param at of the last line, as the daemon wrote it: all digits of the nanoseconds, so that text sorts like time
     * @param lines of that very time that were read
     */
    private record Place(String at, int lines) {

        static Place of(String text) {
            int bar = text.indexOf('|');
            return new Place(text.substring(0, bar), Integer.parseInt(text.substring(bar + 1)));
        }

        /** With the next line, in the order the daemon tells them. */
        Place next(String time) {
            return new Place(time, time.equals(at) ? lines + 1 : 1);
        }

        @Override
        public String toString() {
            return at + "|" + lines;
        }
    }

    /** See {@link io.switchboard.engine.Engine#logAfter}. The daemon is asked for whole seconds. */
    static LogPart after(Daemon daemon, String containerId, Optional<String> after, int most) {
        LogContainerCmd command = of(daemon, containerId, most).withTimestamps(true);
        Optional<Place> start = after.filter(text -> !text.isEmpty()).map(Place::of);
        start.ifPresent(
                place -> command.withSince((int) Instant.parse(place.at()).getEpochSecond()));
        List<String> fresh = new ArrayList<>();
        Place end = start.orElse(new Place("", 0));
        int known = end.lines();
        for (String line : read(command)) {
            int space = line.indexOf(' ');
            String at = space < 0 ? "" : line.substring(0, space);
            int order = at.compareTo(start.map(Place::at).orElse(""));
            if (order > 0 || order == 0 && known-- <= 0) {
                fresh.add(line.substring(space + 1));
                // Standard output and error have clocks of their own.
                end = at.compareTo(end.at()) < 0 ? end : end.next(at);
            }
        }
        return new LogPart(last(fresh, most), end.at().isEmpty() ? "" : end.toString());
    }

    private static LogContainerCmd of(Daemon daemon, String containerId, int lines) {
        return daemon.streams()
                .logContainerCmd(containerId)
                .withStdOut(true)
                .withStdErr(true)
                .withTail(lines);
    }

    private static List<String> read(LogContainerCmd command) {
        try (ContainerLog log = command.exec(new ContainerLog())) {
            log.awaitCompletion(10, TimeUnit.SECONDS);
            return log.bytes.toString(StandardCharsets.UTF_8).lines().toList();
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

    private static List<String> last(List<String> lines, int most) {
        return List.copyOf(lines.subList(Math.max(0, lines.size() - most), lines.size()));
    }
}
