package io.switchboard.engine.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.Workload;
import io.switchboard.engine.Workload.Health;
import io.switchboard.engine.Workload.Port;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class EngineJsonTests {

    private final JsonMapper json = EngineJson.mapper();

    @Test
    void whatIsWrittenIsRead() {
        Workload workload = new Workload(
                "shop",
                "acme/shop:1",
                2,
                100,
                64,
                List.of(new Port("http", 8080), new Port("sip", 5060, true), Port.media("rtp", 880)),
                Map.of("A", "呼叫\n'\"$"),
                new Health.Http("http", "/", Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(9)),
                Duration.ofSeconds(5));
        Desired desired = new Desired(workload, Set.of("t-1"), true);
        Launch launch = new Launch("t-1", 0, 3, 2, "exited with code 3", Instant.parse("2030-01-01T12:00:00.123Z"));

        assertThat(json.readValue(json.writeValueAsString(desired), Desired.class))
                .isEqualTo(desired);
        assertThat(json.readValue(json.writeValueAsString(launch), Launch.class))
                .isEqualTo(launch);
    }

    @Test
    void portsOfTcpAreSaidAsTheyWereBeforeThereWereUdpAndMedia() {
        var before = "{\"name\":\"http\",\"number\":8080}";

        assertThat(json.writeValueAsString(new Port("http", 8080))).isEqualTo(before);
        assertThat(json.readValue(before, Port.class)).isEqualTo(new Port("http", 8080));
    }

    @Test
    void fieldsOfANewerVersionDontDisturb() {
        assertThat(json.readValue("""
                {"taskId": "t-1", "place": 0, "restarts": 0, "failures": 0, "cause": "",
                 "at": "2030-01-01T12:00:00Z", "colour": "red"}
                """, Launch.class).taskId()).isEqualTo("t-1");
    }
}
