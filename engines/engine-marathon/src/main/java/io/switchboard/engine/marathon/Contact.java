package io.switchboard.engine.marathon;

import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Calls to Marathon, and whether it answers: whoever waits for it to answer again need not wait any longer then. */
final class Contact implements Transport {

    static final Duration PROBE_EVERY = Duration.ofMillis(250);

    private final Transport wire;
    private final Clock clock;
    private final AtomicBoolean lost = new AtomicBoolean();
    private final List<Runnable> onChange = new CopyOnWriteArrayList<>();
    private volatile Instant probedAt = Instant.EPOCH;

    Contact(Transport wire, Clock clock) {
        this.wire = wire;
        this.clock = clock;
    }

    /** @param action done where calls are made when contact is lost or found again; must neither wait nor call */
    void onChange(Runnable action) {
        onChange.add(action);
    }

    /** Whether the last call failed. */
    boolean isLost() {
        return lost.get();
    }

    /** Asks whether a leader answers, if that was not asked just now. */
    void probe() {
        Instant now = clock.instant();
        if (isLost() && !now.isBefore(probedAt.plus(PROBE_EVERY))) {
            probedAt = now;
            if (wire.answers()) {
                lost(false);
            }
        }
    }

    private void lost(boolean isLost) {
        if (lost.getAndSet(isLost) != isLost) {
            onChange.forEach(Runnable::run);
        }
    }

    @Override
    public Reply send(String method, String target, byte[] body) {
        try {
            Reply reply = wire.send(method, target, body);
            lost(reply.status() >= 500);
            return reply;
        } catch (WireFailure e) {
            lost(true);
            throw e;
        }
    }

    @Override
    public boolean answers() {
        return wire.answers();
    }

    @Override
    public InputStream events(String target) {
        InputStream stream = wire.events(target);
        lost(false);
        return stream;
    }

    @Override
    public void close() {
        wire.close();
    }
}
