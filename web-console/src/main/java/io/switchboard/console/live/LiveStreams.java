package io.switchboard.console.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Passes services' event streams on to browsers, each until the service, the page or the viewer's token ends. */
@Component
@EnableScheduling
public class LiveStreams implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LiveStreams.class);
    private static final Duration RECONNECT = Duration.ofSeconds(2);

    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    LiveStreams() {}

    /** What becomes of a service's event on its way to the browser. */
    @FunctionalInterface
    public interface Passing {

        /** @return whether the browser gets what follows, too */
        boolean pass(ServerSentEvent event, SseEmitter browser) throws IOException;
    }

    /**
     * Takes over a stream that was opened with the token of the viewer. When it ends before its time the browser asks
     * again, which brings a new token as for any page.
     *
     * @param name of the thread that reads it
     * @param service null if the service ended it before it said anything
     */
    public SseEmitter follow(String name, @Nullable InputStream service, Passing passing) {
        Line line = new Line(new SseEmitter(0L), Objects.requireNonNullElseGet(service, InputStream::nullInputStream));
        lines.add(line);
        line.browser.onCompletion(() -> hangUp(line));
        line.browser.onError(failure -> hangUp(line));
        Thread.ofVirtual().name(name).start(() -> pass(line, passing));
        return line.browser;
    }

    private static void pass(Line line, Passing passing) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(line.service, StandardCharsets.UTF_8))) {
            line.browser.send(
                    SseEmitter.event().reconnectTime(RECONNECT.toMillis()).comment("connected"));
            Optional<ServerSentEvent> event = ServerSentEvent.next(reader);
            while (event.isPresent() && passing.pass(event.get(), line.browser)) {
                event = ServerSentEvent.next(reader);
            }
        } catch (IOException | IllegalStateException gone) {
            log.debug("A live stream ended: {}", gone.getMessage());
        }
        complete(line);
    }

    private static void complete(Line line) {
        try {
            line.browser.complete();
        } catch (IllegalStateException gone) {
            // The web server has noticed first that the browser left.
            log.debug("A live stream had ended: {}", gone.getMessage());
        }
    }

    /** A browser that left is only noticed when something is sent to it. */
    @Scheduled(fixedDelayString = "PT15S")
    void ping() {
        for (Line line : lines) {
            try {
                line.browser.send(SseEmitter.event().comment("still here"));
            } catch (IOException | IllegalStateException gone) {
                hangUp(line);
            }
        }
    }

    /** Closing the service's stream also wakes the thread that reads it. */
    private void hangUp(Line line) {
        if (lines.remove(line)) {
            try {
                line.service.close();
            } catch (IOException closedAlready) {
                log.trace("Closing a live stream: {}", closedAlready.getMessage());
            }
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Before the web server waits for open requests to finish, which these never would. */
    @Override
    public void stop() {
        running = false;
        lines.forEach(line -> {
            hangUp(line);
            complete(line);
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** One browser that follows one stream. */
    private static final class Line {

        private final SseEmitter browser;
        private final InputStream service;

        private Line(SseEmitter browser, InputStream service) {
            this.browser = browser;
            this.service = service;
        }
    }
}
