package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.Task;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Sends what tasks write, while they write it. Each stream has a virtual thread that looks again and again. */
@Component
class LogStreams implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LogStreams.class);

    /** Seen at each look, so that a task may write so many lines between two of them. */
    private static final int LINES = 1_000;
    /** Keeps proxies from closing a stream on which nothing happens, and finds clients that are gone. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final Deployments deployments;
    private final Engine engine;
    private final Clock clock;
    private final LogStreamProperties limits;
    private final Set<LogStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    LogStreams(Deployments deployments, Engine engine, Clock clock, LogStreamProperties limits) {
        this.deployments = deployments;
        this.engine = engine;
        this.clock = clock;
        this.limits = limits;
    }

    /** @param data of an event named {@code line} */
    record Line(String taskId, String line) {}

    /**
     * Follows one task of an instance or all of them, also those that start later. It ends with the caller's token, the
     * instance, or the client.
     *
     * @param lines of what was written before, at most
     * @throws Problem {@link RequestProblem#TOO_MANY_REQUESTS} if as many are open as may be
     */
    SseEmitter follow(Deployment deployment, @Nullable String taskId, int lines, Caller caller) {
        var stream = new LogStream(deployment.id(), taskId, lines, caller);
        admit(stream);
        var emitter = stream.emitter;
        emitter.onCompletion(stream::close);
        emitter.onTimeout(stream::close);
        emitter.onError(failure -> stream.close());
        stream.thread.start();
        return emitter;
    }

    private synchronized void admit(LogStream stream) {
        var tenant = stream.caller.tenant();
        if (tenant.isPresent()
                && open.stream()
                                .filter(other -> other.caller.tenant().equals(tenant))
                                .count()
                        >= limits.perTenant()) {
            throw new Problem(
                    RequestProblem.TOO_MANY_REQUESTS,
                    "Tenant '%s' follows %d logs, which is the most it may."
                            .formatted(tenant.get(), limits.perTenant()));
        }
        if (open.size() >= limits.inAll()) {
            throw new Problem(
                    RequestProblem.TOO_MANY_REQUESTS,
                    "This service follows %d logs, which is all it can.".formatted(limits.inAll()));
        }
        open.add(stream);
    }

    private final class LogStream {

        private final UUID instanceId;
        private final @Nullable String taskId;
        private final int lines;
        private final Caller caller;
        private final SseEmitter emitter = new SseEmitter(0L);
        private final LogFollower follower = new LogFollower();
        private final Thread thread = Thread.ofVirtual().name("log-stream").unstarted(this::run);
        private volatile boolean closed;
        private boolean first = true;

        LogStream(UUID instanceId, @Nullable String taskId, int lines, Caller caller) {
            this.instanceId = instanceId;
            this.taskId = taskId;
            this.lines = lines;
            this.caller = caller;
        }

        void close() {
            closed = true;
            thread.interrupt();
        }

        private void run() {
            try {
                emitter.send(SseEmitter.event().comment("open"));
                var sent = clock.instant();
                for (var known = deployment();
                        known.isPresent() && !closed && clock.instant().isBefore(caller.until());
                        known = deployment()) {
                    if (look(known.get())) {
                        sent = clock.instant();
                    } else if (!clock.instant().isBefore(sent.plus(HEARTBEAT))) {
                        emitter.send(SseEmitter.event().comment("still here"));
                        sent = clock.instant();
                    }
                    first = false;
                    Thread.sleep(limits.every());
                }
                emitter.complete();
            } catch (IOException | IllegalStateException | InterruptedException e) {
                // The client is gone, or the service stops.
                emitter.complete();
            } catch (RuntimeException e) {
                log.warn("the log of instance {} can't be followed any longer: {}", instanceId, e.toString());
                emitter.completeWithError(e);
            } finally {
                open.remove(this);
            }
        }

        private Optional<Deployment> deployment() {
            return deployments.find(List.of(instanceId)).stream()
                    .filter(one -> !one.revisions().isEmpty())
                    .findFirst();
        }

        /** Whether anything was new. */
        private boolean look(Deployment deployment) throws IOException {
            boolean news = false;
            var present = new HashSet<String>();
            try {
                for (var revision : deployment.revisions()) {
                    for (var task : engine.tasks(revision.workload())) {
                        present.add(task.id());
                        if (taskId == null || taskId.equals(task.id())) {
                            news |= send(task);
                        }
                    }
                }
                follower.keep(present);
            } catch (EngineUnavailable e) {
                // It is asked again soon; what was written meanwhile comes then.
                log.debug("engine '{}' gave no answer", engine.name());
            }
            return news;
        }

        private boolean send(Task task) throws IOException {
            var fresh = follower.fresh(task.id(), engine.logTail(task.id(), LINES));
            var wanted = first && fresh.size() > lines ? fresh.subList(fresh.size() - lines, fresh.size()) : fresh;
            for (var line : wanted) {
                emitter.send(SseEmitter.event().name("line").data(new Line(task.id(), line)));
            }
            return !wanted.isEmpty();
        }
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        open.forEach(LogStream::close);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the web server, whose graceful shutdown would wait for streams that never end by themselves. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 100;
    }
}
