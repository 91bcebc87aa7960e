package io.switchboard.capacity.model;

/**
 * What a task consumes, by its short name in files and reports.
 *
 * <p>{@link #scale()} turns the unit of a sample into the unit of a model: cores stay cores, bytes become megabytes of
 * memory and kilobytes a second of traffic (powers of ten, as the reference figures have them).
 */
public enum Resource {
    CPU("cpu", "cpu_cores_used", 1, "cores"),
    MEMORY("mem", "mem_bytes", 1e6, "MB"),
    NETWORK_IN("rx", "net_rx_bytes_s", 1e3, "kB/s"),
    NETWORK_OUT("tx", "net_tx_bytes_s", 1e3, "kB/s"),
    DISK("disk", "rec_bytes_s", 1e3, "kB/s");

    private final String code;
    private final String column;
    private final double scale;
    private final String unit;

    Resource(String code, String column, double scale, String unit) {
        this.code = code;
        this.column = column;
        this.scale = scale;
        this.unit = unit;
    }

    public String code() {
        return code;
    }

    public String unit() {
        return unit;
    }

    /** The column of measurement files that states it, in the unit of a sample. */
    public String column() {
        return column;
    }

    public double scale() {
        return scale;
    }
}
