package io.switchboard.standalone;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server or a service that runs in this JVM. */
record Part(String name, AutoCloseable content) {

    private static final Logger log = LoggerFactory.getLogger(Part.class);

    /** Closes it; one that takes longer is interrupted, and left to the end of the JVM. */
    void stop(Duration limit) throws InterruptedException {
        var stopping = Thread.ofVirtual().name("stop-" + name).start(this::close);
        if (!stopping.join(limit)) {
            stopping.interrupt();
            log.warn("{} does not stop in time and is left to the end of the JVM", name);
        }
    }

    private void close() {
        try {
            content.close();
        } catch (Exception e) {
            log.warn("{} did not stop cleanly: {}", name, e.getMessage());
        }
    }
}
