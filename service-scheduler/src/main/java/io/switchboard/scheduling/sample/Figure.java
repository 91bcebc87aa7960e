package io.switchboard.scheduling.sample;

/** What a sample may say, named as the columns of measurement files. */
public enum Figure {
    CALLS("concurrent_calls"),
    CALL_RATE("call_rate"),
    PACKETS_IN("net_rx_pps"),
    PACKETS_OUT("net_tx_pps"),
    MESSAGES("messages_s"),
    TALKING("talking_calls"),
    QUEUED("queued_calls"),
    PEAK_CALLS("peak_calls"),
    CPU("cpu_cores_used"),
    MEMORY("mem_bytes"),
    NETWORK_IN("net_rx_bytes_s"),
    NETWORK_OUT("net_tx_bytes_s"),
    DISK("rec_bytes_s");

    private final String column;

    Figure(String column) {
        this.column = column;
    }

    public String column() {
        return column;
    }
}
