package io.switchboard.access.balancer;

import static io.switchboard.access.testing.Examples.newInstanceId;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.balancer.Counted.Counter;
import io.switchboard.access.balancer.Tally.Figures;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TallyTests {

    private static final String HOST = "desk.acme.switchboard.localhost";

    private final Tally tally = new Tally();
    private final Upstream desk = upstream("acme", "desk");
    private final Upstream later = upstream("globex", "desk");

    @Test
    void whatWasCountedBeforeTheFirstLookIsNobodys() {
        look(0, List.of(counted("1/h0000", 100, HOST)), desk);
        assertThat(only().total(Counter.SESSIONS)).isZero();

        look(2, List.of(counted("1/h0000", 110, HOST)), desk);

        assertThat(only().total(Counter.SESSIONS)).isEqualTo(10);
        assertThat(only().perSecond(Counter.SESSIONS)).isEqualTo(5);
        assertThat(only().since()).isEqualTo(at(0));
    }

    @Test
    void aRouteOwnsNothingOfWhatItsBackendCountedForAnother() {
        look(0, List.of(counted("1/h0000", 100, HOST)), desk);
        look(1, List.of(counted("1/h0000", 140)));

        look(2, List.of(counted("1/h0000", 141, HOST)), later);

        assertThat(only().upstream()).isEqualTo(later);
        assertThat(only().total(Counter.SESSIONS)).isEqualTo(1);
    }

    @Test
    void aRestartedBalancerCountsFromZeroAndTheTotalGoesOn() {
        look(0, List.of(counted("1/h0000", 100, HOST)), desk);
        look(1, List.of(counted("1/h0000", 150, HOST)), desk);

        look(2, List.of(counted("2/h0003", 7, HOST)), desk);

        assertThat(only().total(Counter.SESSIONS)).isEqualTo(57);
    }

    @Test
    void clearedCountersDoNotCountBackwards() {
        look(0, List.of(counted("1/h0000", 100, HOST)), desk);
        look(1, List.of(counted("1/h0000", 150, HOST)), desk);

        look(2, List.of(counted("1/h0000", 3, HOST)), desk);

        assertThat(only().total(Counter.SESSIONS)).isEqualTo(53);
    }

    @Test
    void ofSeveralThatClaimAHostTheLatestHasItsTraffic() {
        look(0, List.of(counted("1/h0000", 0, HOST)), later, desk);

        assertThat(only().upstream()).isEqualTo(later);
    }

    private void look(int second, List<Counted> counted, Upstream... upstreams) {
        tally.look(counted, List.of(upstreams), at(second));
    }

    private Figures only() {
        assertThat(tally.figures()).hasSize(1);
        return tally.figures().getFirst();
    }

    private static Instant at(int second) {
        return Instant.EPOCH.plusSeconds(second);
    }

    private static Counted counted(String source, long sessions, String... places) {
        return new Counted(source, Set.of(places), Map.of(Counter.SESSIONS, sessions), 0, 0);
    }

    private static Upstream upstream(String tenant, String name) {
        return new Upstream(
                newInstanceId(),
                tenant,
                name,
                "acd",
                1,
                Instant.EPOCH,
                List.of(new Route.Host("http", HOST)),
                List.of(),
                false);
    }
}
