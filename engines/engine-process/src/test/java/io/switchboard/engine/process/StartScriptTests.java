package io.switchboard.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.PortRange;
import io.switchboard.engine.Workload;
import io.switchboard.engine.Workload.Health;
import io.switchboard.engine.Workload.Port;
import io.switchboard.engine.supervision.Launch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartScriptTests {

    @Test
    void quotesEverything() {
        assertThat(StartScript.of(List.of("java", "-Da=it's"), Map.of("A", "$HOME 'x'\n")))
                .isEqualTo("""
                        #!/bin/sh
                        export A='$HOME '\\''x'\\''
                        '
                        exec 'java' '-Da=it'\\''s'
                        """);
    }

    @Test
    void theEnginesVariablesWin() {
        Workload workload = new Workload(
                "shop",
                "acme/shop",
                1,
                100,
                64,
                List.of(new Port("http", 8080), new Port("sip-tls", 5061), Port.media("rtp", 4)),
                Map.of("PORT_HTTP", "1", "OWN", "2"),
                new Health.Running(),
                Duration.ofSeconds(1));
        TaskRecord task = new TaskRecord(
                new Launch("t-1", 0, 0, 0, "", Instant.EPOCH),
                "shop",
                64,
                Map.of("http", 20001, "sip-tls", 20002),
                Map.of("rtp", new PortRange(10000, 10003)),
                0,
                0);

        assertThat(StartScript.environment(workload, task, "127.0.0.1", "203.0.113.5"))
                .isEqualTo(Map.of(
                        "OWN", "2",
                        "PORT_HTTP", "20001",
                        "SERVER_PORT", "20001",
                        "SERVER_ADDRESS", "127.0.0.1",
                        "PORT_SIP_TLS", "20002",
                        "PORT_RTP_FIRST", "10000",
                        "PORT_RTP_LAST", "10003",
                        "SWITCHBOARD_MEDIA_ADDRESS", "203.0.113.5",
                        "SWITCHBOARD_TASK_ID", "t-1"));
    }
}
