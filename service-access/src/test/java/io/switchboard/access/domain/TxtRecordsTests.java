package io.switchboard.access.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.domain.TxtRecords.Answer;
import io.switchboard.access.testing.Dns;
import io.switchboard.ports.FreePorts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against a real name server. */
class TxtRecordsTests {

    private static final String NAME = "_switchboard-challenge.calls.example";

    @Test
    void valuesAreToldNoneIsToldAndSilenceIsNeither() {
        try (var dns = new Dns(FreePorts.next())) {
            var records = new TxtRecords(List.of(dns.resolver()), Duration.ofMillis(200));
            assertThat(records.of(NAME)).isEqualTo(new Answer.Values(List.of()));

            dns.txt(NAME, "v=spf1 -all", "switchboard=0123", "s".repeat(255));
            assertThat(records.of(NAME))
                    .isInstanceOfSatisfying(
                            Answer.Values.class,
                            answer -> assertThat(answer.values())
                                    .containsExactlyInAnyOrder("v=spf1 -all", "switchboard=0123", "s".repeat(255)));
            // More than fits into a datagram comes over TCP.
            dns.txt(NAME, "a".repeat(250), "b".repeat(250), "c".repeat(250), "switchboard=0123");
            assertThat(records.of(NAME))
                    .isInstanceOfSatisfying(
                            Answer.Values.class,
                            answer -> assertThat(answer.values()).hasSize(4).contains("switchboard=0123"));

            // It knows nothing of that and has nobody to ask, which says nothing of what there is.
            assertThat(records.of("_switchboard-challenge.calls.invalid")).isInstanceOf(Answer.Silence.class);
            dns.close();
            assertThat(records.of(NAME)).isInstanceOf(Answer.Silence.class);
        }
    }
}
