package io.switchboard.config.delivery;

import io.switchboard.config.delivery.Snapshot.Asking;
import io.switchboard.config.delivery.Snapshot.Known;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.streams.EventStream;
import io.switchboard.streams.EventStreams;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Streams of releases; each has an id by which the next stream goes on after it. */
final class ReleaseStreams {

    private static final Duration REGULAR_LOOK = Duration.ofMinutes(5);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final EventStreams streams;
    private final Readers readers;
    private final WaitingClients waiting;

    ReleaseStreams(EventStreams streams, Readers readers, WaitingClients waiting) {
        this.streams = streams;
        this.readers = readers;
        this.waiting = waiting;
    }

    SseEmitter open(Reader reader, Feed feed, Asking asking, Optional<Known> known) {
        // Without its tenant, by which the streams would be counted once more.
        var caller = new Caller(reader.tenant() + "." + reader.application(), Optional.empty(), Set.of(), Instant.MAX);
        WaitingClients.Place place = waiting.enter(reader.tenant());
        return streams.open(caller, stream -> {
            try (place) {
                play(stream, () -> reader.isStillOne(readers), feed, asking, known);
            }
        });
    }

    private static void play(
            EventStream stream, BooleanSupplier mayRead, Feed feed, Asking asking, Optional<Known> known)
            throws IOException, InterruptedException {
        Consumer<Snapshot> onLook = found -> stream.wake();
        feed.join(onLook);
        try {
            stream.greet();
            Optional<Known> sent = known;
            Duration rest;
            do {
                try {
                    if (!mayRead.getAsBoolean()) {
                        return;
                    }
                    sent = Optional.of(send(stream, feed, asking, sent));
                    rest = REGULAR_LOOK;
                } catch (Problem unavailable) {
                    // What the client has stays in effect until ZooKeeper answers again.
                    rest = AFTER_FAILURE;
                }
            } while (stream.rest(rest));
        } finally {
            feed.leave(onLook);
        }
    }

    /** @return what the client has now */
    private static Known send(EventStream stream, Feed feed, Asking asking, Optional<Known> sent) throws IOException {
        Snapshot now = feed.now().as(asking);
        if (sent.isPresent() && !now.is(sent.get()) && now.isBehind(sent.get())) {
            now = feed.newest().as(asking);
        }
        if (sent.isEmpty() || !now.is(sent.get())) {
            stream.send(now.tag(), "release", Delivery.of(now));
        }
        return Known.of(now.tag()).orElseThrow();
    }
}
