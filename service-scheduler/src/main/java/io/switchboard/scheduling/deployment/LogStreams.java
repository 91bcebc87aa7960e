package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.streams.EventStream;
import io.switchboard.streams.EventStreams;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Sends what tasks write, while they write it. Each stream looks again and again, for what is new. */
@Component
class LogStreams {

    private static final Logger log = LoggerFactory.getLogger(LogStreams.class);

    /** So many lines a task may write between two looks. */
    private static final int LINES = 1_000;

    private final EventStreams streams;
    private final Deployments deployments;
    private final Engine engine;
    private final Duration every;

    LogStreams(EventStreams streams, Deployments deployments, Engine engine, LogStreamProperties properties) {
        this.streams = streams;
        this.deployments = deployments;
        this.engine = engine;
        this.every = properties.every();
    }

    /** @param data of an event named {@code line} */
    record Line(String taskId, String line) {}

    /** @param message why nothing follows; data of an event named {@code end} */
    record End(String message) {}

    /**
     * Follows one task of an instance or all of them, also those that start later. It ends with the caller's token, the
     * client, the task or the instance, and says so if it is one of the latter two.
     *
     * @param lines of what was written before, at most
     * @throws Problem {@link RequestProblem#TOO_MANY_REQUESTS} if as many are open as may be
     */
    SseEmitter follow(Deployment deployment, @Nullable String taskId, int lines, Caller caller) {
        return streams.open(caller, stream -> new Following(deployment, taskId, lines).play(stream));
    }

    /** One stream, and how far each task's log was read. */
    private final class Following {

        private final Deployment start;
        private final @Nullable String taskId;
        private final int lines;
        private final Map<String, String> read = new HashMap<>();
        private boolean first = true;

        Following(Deployment start, @Nullable String taskId, int lines) {
            this.start = start;
            this.taskId = taskId;
            this.lines = lines;
        }

        void play(EventStream stream) throws IOException, InterruptedException {
            stream.greet();
            Optional<End> end;
            do {
                end = look(stream);
                first = false;
            } while (end.isEmpty() && stream.rest(every));
            if (end.isPresent()) {
                stream.send("end", end.get());
            }
        }

        /** Sends what is new, and answers why nothing will be, if so. */
        private Optional<End> look(EventStream stream) throws IOException {
            var known = deployments.find(List.of(start.id())).stream()
                    .filter(one -> !one.revisions().isEmpty())
                    .findFirst();
            if (known.isEmpty()) {
                return Optional.of(new End("Instance '%s' is gone; none of its tasks runs any more."
                        .formatted(start.instance().name())));
            }
            try {
                return look(known.get(), stream);
            } catch (EngineUnavailable e) {
                // It is asked again soon; what was written meanwhile comes then.
                log.debug("engine '{}' gave no answer", engine.name());
                return Optional.empty();
            }
        }

        private Optional<End> look(Deployment deployment, EventStream stream) throws IOException {
            var present = new LinkedHashSet<String>();
            for (var revision : deployment.revisions()) {
                engine.tasks(revision.workload()).forEach(task -> present.add(task.id()));
            }
            if (taskId != null) {
                // Its last lines can be read after its end.
                send(taskId, stream);
                return present.contains(taskId)
                        ? Optional.empty()
                        : Optional.of(new End("Task %s has ended.".formatted(taskId)));
            }
            // Also those that ended since the last look.
            var followed = new LinkedHashSet<>(read.keySet());
            followed.addAll(present);
            for (var id : followed) {
                send(id, stream);
            }
            forgetAllBut(present);
            return Optional.empty();
        }

        /** Ids never come again, and a task that crashes again and again has many successors. */
        private void forgetAllBut(Set<String> present) {
            read.keySet().retainAll(present);
        }

        private void send(String id, EventStream stream) throws IOException {
            var part = engine.logAfter(id, Optional.ofNullable(read.get(id)), first ? lines : LINES);
            read.put(id, part.end());
            for (var line : part.lines()) {
                stream.send("line", new Line(id, line));
            }
        }
    }
}
