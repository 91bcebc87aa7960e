package io.switchboard.engine.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WaitingTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            InsufficientCpus      | without enough cores: the largest gap is 1.4, a task needs 2
            InsufficientMemory    | without enough memory: the largest gap is 512 MiB, a task needs 1024 MiB
            InsufficientPorts     | without enough free ports
            UnfulfilledConstraint | against a placement constraint: [["hostname","UNIQUE"]]
            AgentMaintenance      | in maintenance
            SomethingNew          | of no use: SomethingNew
            """)
    void eachReasonHasItsWords(String reason, String words) {
        JsonNode queue = queue(0, offer(reason, 1.4499, 512) + "," + offer(reason, 0.2, 100));

        assertThat(Waiting.why(queue, "/shop")).contains("waiting for a node: 2 nodes " + words);
    }

    @Test
    void severalReasonsAreToldSideBySide() {
        JsonNode queue = queue(0, offer("InsufficientCpus", 1, 99999) + "," + offer("InsufficientPorts", 16, 99999));

        assertThat(Waiting.why(queue, "/shop"))
                .contains("waiting for a node: 1 node without enough cores: the largest gap is 1, a task needs 2; "
                        + "1 node without enough free ports");
    }

    @Test
    void aBackOffIsToldWithItsTime() {
        assertThat(Waiting.why(queue(17, ""), "/shop"))
                .contains("the next start waits 17 s more, because the last ones failed");
    }

    @Test
    void beforeTheFirstOfferMesosIsWaitedFor() {
        assertThat(Waiting.why(queue(0, ""), "/shop")).contains("waiting for Mesos to offer a node");
    }

    @Test
    void whatIsNotInTheQueueWaitsForNothing() {
        assertThat(Waiting.why(queue(0, ""), "/other")).isEmpty();
    }

    private static String offer(String reason, double cpus, int memory) {
        return """
                {"offer":{"hostname":"n","resources":[{"name":"cpus","scalar":%s},{"name":"mem","scalar":%d}]},
                 "reason":["%s"]}""".formatted(cpus, memory, reason);
    }

    private static JsonNode queue(int delay, String offers) {
        return JSON.readTree("""
                {"queue":[{"count":1,"delay":{"timeLeftSeconds":%d,"overdue":false},
                 "processedOffersSummary":{"rejectSummaryLastOffers":[]},
                 "lastUnusedOffers":[%s],
                 "app":{"id":"/shop","cpus":2.0,"mem":1024.0,"constraints":[["hostname","UNIQUE"]]}}]}
                """.formatted(delay, offers));
    }
}
