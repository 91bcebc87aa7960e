package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.EventBus.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Subscribers of {@code /v2/events}, and what goes wrong on the way to them. */
final class EventStreams implements EventBus.Listener {

    private static final int HEARTBEAT_SECONDS = 10;
    private static final int MOST_OUTSTANDING = 1024;
    private static final Duration LATENESS = Duration.ofMillis(400);

    final class Subscriber {
        private final Set<String> types;
        private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final Optional<BiConsumer<String, String>> direct;
        private volatile boolean closed;

        private Subscriber(Set<String> types, Optional<BiConsumer<String, String>> direct) {
            this.types = types;
            this.direct = direct;
        }

        private void offer(Event event) {
            if (!types.isEmpty() && !types.contains(event.type())) {
                return;
            }
            if (direct.isPresent()) {
                direct.get().accept(event.type(), event.data().toString());
                return;
            }
            if (lines.size() >= MOST_OUTSTANDING) {
                close();
                return;
            }
            lines.add("event: " + event.type() + "\ndata: " + event.data() + "\n\n");
        }

        void close() {
            closed = true;
            subscribers.remove(this);
            lines.add("");
        }

        /** Writes until either side ends it. */
        void writeTo(OutputStream out) throws IOException {
            try {
                out.flush(); // the headers, which would wait for the first event otherwise
                while (!closed) {
                    String line = lines.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
                    if (silent) {
                        continue;
                    }
                    out.write((line == null ? "\n" : line).getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                subscribers.remove(this);
            }
        }
    }

    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    private final Timeline timeline;
    private final Supplier<Faults> faults;
    private final Random random;
    private volatile boolean silent;

    EventStreams(Timeline timeline, Supplier<Faults> faults, Random random) {
        this.timeline = timeline;
        this.faults = faults;
        this.random = random;
    }

    Subscriber subscribe(List<String> types) {
        Subscriber subscriber = new Subscriber(Set.copyOf(types), Optional.empty());
        subscribers.add(subscriber);
        return subscriber;
    }

    Subscriber subscribe(Collection<String> types, BiConsumer<String, String> direct) {
        Subscriber subscriber = new Subscriber(Set.copyOf(types), Optional.of(direct));
        subscribers.add(subscriber);
        return subscriber;
    }

    /** Whether streams stay open and say nothing, not even a heartbeat. */
    void silence(boolean now) {
        silent = now;
    }

    void closeAll() {
        subscribers.forEach(Subscriber::close);
    }

    int size() {
        return subscribers.size();
    }

    @Override
    public void happened(Event event) {
        for (Subscriber subscriber : subscribers) {
            Faults now = faults.get();
            if (random.nextDouble() < now.streamCut()) {
                subscriber.close();
            } else if (random.nextDouble() >= now.eventLost()) {
                if (random.nextDouble() < now.eventLate()) {
                    timeline.in(LATENESS, () -> subscriber.offer(event));
                } else {
                    subscriber.offer(event);
                }
                if (random.nextDouble() < now.eventTwice()) {
                    subscriber.offer(event);
                }
            }
        }
    }
}
