package io.switchboard.request.catalog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which image each service type runs: what an operator pinned, else what the settings say. Kept in memory; what another
 * replica pinned is seen within {@link #FRESH}.
 */
final class ImagePins {

    private static final Duration FRESH = Duration.ofSeconds(3);

    private record Snapshot(Map<String, String> images, Instant readAt) {}

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Map<String, String> defaults;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Snapshot snapshot;

    ImagePins(JdbcClient jdbc, Clock clock, Map<String, String> defaults) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.defaults = defaults;
        this.snapshot = read();
    }

    Optional<String> image(String serviceType) {
        refresh();
        return Optional.ofNullable(snapshot.images().get(serviceType))
                .or(() -> Optional.ofNullable(defaults.get(serviceType)).filter(image -> !image.isBlank()));
    }

    /** Whether it is what the service type runs without a pin. */
    boolean isDefault(String serviceType, String reference) {
        return reference.equals(defaults.get(serviceType));
    }

    void pin(String serviceType, String reference, String by) {
        jdbc.sql("""
                        insert into image_pins (service_type, reference, pinned_by, pinned_at)
                        values (:type, :reference, :by, now())
                        on conflict (service_type) do update
                        set reference = excluded.reference, pinned_by = excluded.pinned_by, pinned_at = excluded.pinned_at
                        """)
                .param("type", serviceType)
                .param("reference", reference)
                .param("by", by)
                .update();
        // After a refresh that may have read before this pin, so that it can't put the old image back.
        reading.lock();
        try {
            snapshot = read();
        } finally {
            reading.unlock();
        }
    }

    /** One caller reads again when it is time; the others go on with what is there. */
    private void refresh() {
        if (clock.instant().isBefore(snapshot.readAt().plus(FRESH)) || !reading.tryLock()) {
            return;
        }
        try {
            snapshot = read();
        } catch (DataAccessException e) {
            // What is known stays good while the database is away; the order itself will say that it is.
            snapshot = new Snapshot(snapshot.images(), clock.instant());
        } finally {
            reading.unlock();
        }
    }

    private Snapshot read() {
        var images = jdbc
                .sql("select service_type, reference from image_pins")
                .query((row, index) -> Map.entry(row.getString("service_type"), row.getString("reference")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new Snapshot(images, clock.instant());
    }
}
