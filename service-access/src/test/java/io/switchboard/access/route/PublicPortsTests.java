package io.switchboard.access.route;

import static io.switchboard.access.testing.Examples.SIP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.of;
import static io.switchboard.access.testing.Examples.snapshot;
import static io.switchboard.access.testing.Examples.withPorts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PublicPortsTests {

    private static final PortRange ALL = new PortRange(22_000, 22_009);
    private static final PortRange ACME = new PortRange(22_003, 22_005);

    private final Map<Integer, UUID> taken = new HashMap<>();

    @Test
    void whoHasARangeGetsPortsFromItAndNobodyElseDoes() {
        var ports = new PublicPorts(ALL, Map.of("acme", ACME));

        assertThat(ports.of("acme")).containsExactly(ACME);
        assertThat(ports.of("globex")).containsExactly(new PortRange(22_000, 22_002), new PortRange(22_006, 22_009));
        assertThat(numbers(ports, "globex", 8))
                .hasSize(7)
                .doesNotHaveDuplicates()
                .noneMatch(ACME::contains);
        assertThat(numbers(ports, "acme", 4)).containsExactlyInAnyOrder(22_003, 22_004, 22_005);
    }

    @Test
    void whatWasGivenAwayStaysWhereItIsWhoeverHasTheRangeNow() {
        var shared = new PublicPorts(ALL);
        var id = newInstanceId();
        var before = registration(shared).upstream(of("globex", sip(id, 1)), Optional.empty(), Instant.EPOCH);
        int number = ((Route.Port) before.routes().getFirst()).number();
        taken.put(number, id);
        var ports = new PublicPorts(ALL, Map.of("acme", new PortRange(number, number)));

        assertThat(registration(ports)
                        .upstream(of("globex", sip(id, 2)), Optional.of(before), Instant.EPOCH)
                        .routes())
                .isEqualTo(before.routes());
        assertThat(numbers(ports, "acme", 1)).isEmpty();
    }

    @Test
    void rangesThatOverlapOrReachBeyondAllAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PublicPorts(ALL, Map.of("acme", ACME, "globex", new PortRange(22_005, 22_006))))
                .withMessage("ports of tenants acme and globex must not overlap but were 22003-22005 and 22005-22006");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PublicPorts(ALL, Map.of("acme", new PortRange(22_009, 22_010))))
                .withMessage("ports of tenant acme must be within 22000-22009 but were 22009-22010");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RouteProperties.Tcp("22000-22009", Map.of("acme", "22010")));
    }

    private List<Integer> numbers(PublicPorts ports, String tenant, int instances) {
        return IntStream.range(0, instances)
                .mapToObj(each -> {
                    var id = newInstanceId();
                    var upstream =
                            registration(ports).upstream(of(tenant, sip(id, 1)), Optional.empty(), Instant.EPOCH);
                    upstream.routes().forEach(route -> taken.put(((Route.Port) route).number(), id));
                    return upstream.routes();
                })
                .flatMap(List::stream)
                .map(route -> ((Route.Port) route).number())
                .toList();
    }

    private static TaskSnapshot sip(UUID id, long sequence) {
        return withPorts(snapshot(id, "trunk", sequence), SIP);
    }

    private Registration registration(PublicPorts ports) {
        return new Registration(
                new Addressing("switchboard.localhost", "localhost", 8000),
                ports,
                place -> Optional.empty(),
                host -> Set.of(),
                number -> Optional.ofNullable(taken.get(number)));
    }
}
