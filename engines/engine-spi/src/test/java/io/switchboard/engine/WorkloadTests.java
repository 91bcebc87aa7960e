package io.switchboard.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.switchboard.engine.Workload.Health;
import io.switchboard.engine.Workload.Port;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadTests {

    @Test
    void anotherNumberOfTasksIsTheSameWorkload() {
        assertThat(workload().differsAtMostInTasks(workload().withTasks(7))).isTrue();
    }

    @Test
    void anotherEnvironmentIsAnotherWorkload() {
        Workload other = with(workload().ports(), Map.of("A", "2"), workload().health());

        assertThat(workload().differsAtMostInTasks(other)).isFalse();
    }

    @Test
    void portsAreToldInVariablesEveryShellKnows() {
        assertThat(new Port("sip-tls", 5061).variable()).isEqualTo("PORT_SIP_TLS");
    }

    @Test
    void mediaIsToldByItsFirstAndLastPort() {
        Workload media = with(List.of(Port.media("rtp", 4)), Map.of(), new Health.Running());

        assertThat(media.mediaVariables(Map.of("rtp", new PortRange(10_000, 10_003)), "203.0.113.5"))
                .isEqualTo(Map.of(
                        "PORT_RTP_FIRST", "10000",
                        "PORT_RTP_LAST", "10003",
                        "SWITCHBOARD_MEDIA_ADDRESS", "203.0.113.5"));
        assertThat(with(List.of(Port.media("rtp", 4), new Port("rtp-last", 1)), Map.of(), new Health.Running())
                        .contradiction())
                .isPresent();
    }

    @Test
    void portsForMediaComeInPairsAndHaveNoNumber() {
        assertThatIllegalArgumentException().isThrownBy(() -> Port.media("rtp", 3));
        assertThatIllegalArgumentException().isThrownBy(() -> new Port("rtp", 5004, true, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> new Port("rtp", 0, false, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> new Port("rtp", 0, true));
    }

    @Test
    void healthIsNotAskedOfMedia() {
        assertThat(with(List.of(Port.media("http", 4)), Map.of(), workload().health())
                        .contradiction())
                .isPresent();
    }

    @Test
    void aWorkloadWithoutFlawsIsPossible() {
        assertThat(workload().contradiction()).isEmpty();
    }

    @Test
    void healthNeedsAPortThatExists() {
        Workload wrong = with(List.of(), Map.of(), workload().health());

        assertThat(wrong.contradiction())
                .hasValueSatisfying(why -> assertThat(why).contains("http"));
    }

    @Test
    void portsHaveDifferentNames() {
        Workload wrong = with(List.of(new Port("a", 1), new Port("a", 2)), Map.of(), new Health.Running());

        assertThat(wrong.contradiction()).hasValue("two ports are called a");
    }

    @Test
    void variablesHaveNamesThatShellsPassOn() {
        Workload wrong = with(List.of(), Map.of("a.b", "1"), new Health.Running());

        assertThat(wrong.contradiction())
                .hasValueSatisfying(why -> assertThat(why).contains("'a.b'"));
    }

    @Test
    void valuesEndWhereTheyEnd() {
        Workload wrong = with(List.of(), Map.of("A", "hidden\0more"), new Health.Running());

        assertThat(wrong.contradiction())
                .hasValueSatisfying(why -> assertThat(why).contains("A").doesNotContain("hidden"));
    }

    @Test
    void boundsNameTheOffender() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Port("http", 70_000))
                .withMessageContaining("70000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> workload().withTasks(-1))
                .withMessageContaining("-1");
    }

    @Test
    void valuesOfVariablesAreNotPrinted() {
        assertThat(with(List.of(), Map.of("PASSWORD", "hidden"), new Health.Running())
                        .toString())
                .contains("PASSWORD")
                .doesNotContain("hidden");
    }

    private static Workload workload() {
        return with(
                List.of(new Port("http", 8080)),
                Map.of("A", "1"),
                new Health.Http("http", "/", Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(9)));
    }

    private static Workload with(List<Port> ports, Map<String, String> environment, Health health) {
        return new Workload("shop", "acme/shop:1", 1, 100, 64, ports, environment, health, Duration.ofSeconds(1));
    }
}
