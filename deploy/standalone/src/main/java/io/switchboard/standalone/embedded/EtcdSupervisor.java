package io.switchboard.standalone.embedded;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps an etcd running: one that ends is started again, with the data that it left and on the same ports. */
public final class EtcdSupervisor implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EtcdSupervisor.class);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration WELL = Duration.ofMinutes(1);
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final Launch launch;
    private final Thread supervisor;
    private volatile EtcdProcess current;

    private EtcdSupervisor(Launch launch, EtcdProcess first) {
        this.launch = launch;
        this.current = first;
        this.supervisor = Thread.ofVirtual().name("etcd-supervisor").unstarted(this::supervise);
    }

    /** Starts an etcd, always the same one. */
    @FunctionalInterface
    public interface Launch {
        EtcdProcess start() throws IOException, InterruptedException;
    }

    /** @throws IOException if it can't be started the first time, which isn't tried again */
    public static EtcdSupervisor start(Launch launch) throws IOException, InterruptedException {
        var started = new EtcdSupervisor(launch, launch.start());
        started.supervisor.start();
        return started;
    }

    private void supervise() {
        var pause = SHORTEST_PAUSE;
        try {
            while (true) {
                long since = System.nanoTime();
                current.awaitEnd();
                var ran = Duration.ofNanos(System.nanoTime() - since);
                pause = ran.compareTo(WELL) < 0 ? longerThan(pause) : SHORTEST_PAUSE;
                log.warn("etcd doesn't run, and is started again in {} ms", pause.toMillis());
                Thread.sleep(pause);
                startAgain();
            }
        } catch (InterruptedException e) {
            // Told to stop.
            Thread.currentThread().interrupt();
        }
    }

    private void startAgain() throws InterruptedException {
        try {
            current = launch.start();
            log.info("etcd runs again");
        } catch (IOException | RuntimeException e) {
            log.warn("etcd can't be started again: {}", e.getMessage());
        }
    }

    private static Duration longerThan(Duration pause) {
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    @Override
    public void close() {
        supervisor.interrupt();
        try {
            supervisor.join(STOP_GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        current.close();
    }
}
