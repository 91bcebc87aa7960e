package io.switchboard.capacity.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What may drive consumption: demand as the services report it.
 *
 * <p>Peaks are the highest ten-second mean since the container started. Packets follow from calls and codec; where a
 * sample or a plan does not state them, the model derives them (see {@link DerivedDrivers}).
 */
public enum Driver {
    CALLS("calls", "concurrent_calls"),
    CALL_RATE("calls/s", "call_rate"),
    PACKETS_IN("packets in/s", "net_rx_pps"),
    PACKETS_OUT("packets out/s", "net_tx_pps"),
    MESSAGES("messages/s", "messages_s"),
    TALKING("talking", "talking_calls"),
    QUEUED("queued", "queued_calls"),
    PEAK_CALLS("peak calls", "peak_calls"),
    PEAK_CALL_RATE("peak calls/s", null);

    private final String label;
    private final @Nullable String column;

    Driver(String label, @Nullable String column) {
        this.label = label;
        this.column = column;
    }

    public String label() {
        return label;
    }

    /** The column that states it; peaks of rates are computed. */
    public Optional<String> column() {
        return Optional.ofNullable(column);
    }

    /** What a driver is the peak of. */
    Optional<Driver> peakOf() {
        return switch (this) {
            case PEAK_CALLS -> Optional.of(CALLS);
            case PEAK_CALL_RATE -> Optional.of(CALL_RATE);
            case CALLS, CALL_RATE, PACKETS_IN, PACKETS_OUT, MESSAGES, TALKING, QUEUED -> Optional.empty();
        };
    }
}
