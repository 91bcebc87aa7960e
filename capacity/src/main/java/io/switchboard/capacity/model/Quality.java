package io.switchboard.capacity.model;

/** Signs of what callers meet, and of a task that gets less CPU than it asks for. */
enum Quality {
    CPU_USED("cpu_cores_used"),
    CPU_LIMIT("cpu_limit"),
    THROTTLED("cpu_throttled_ratio"),
    FAILED("failed_calls"),
    SETUP_P95("setup_ms_p95"),
    RETRANSMISSIONS("sip_retransmissions"),
    DROPPED("udp_rcvbuf_errors"),
    LOST("media_lost_pkts"),
    MESSAGE_P95("msg_rtt_ms_p95");

    private final String column;

    Quality(String column) {
        this.column = column;
    }

    String column() {
        return column;
    }
}
