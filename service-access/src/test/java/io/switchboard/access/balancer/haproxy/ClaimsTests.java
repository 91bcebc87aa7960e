package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.balancer.haproxy.Claims.Place;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClaimsTests {

    private final Claims claims = new Claims();

    @Test
    void onlyWhatChangedIsTouched() {
        var one = upstream(1, 1, "one");
        var two = upstream(2, 1, "two");
        assertThat(claims.wish(List.of(one, two), Set.of()).upstreams()).containsExactlyInAnyOrder(one, two);
        assertThat(claims.wish(List.of(one, two), Set.of()).upstreams()).isEmpty();

        var next = upstream(2, 2, "two");
        var touched = claims.wish(List.of(one, next), Set.of());

        assertThat(touched.upstreams()).containsExactly(next);
        assertThat(touched.places()).containsExactly(new Place.Host("two"));
        assertThat(claims.hosts()).isEqualTo(2);
    }

    @Test
    void whoeverClaimsTheSameIsTouchedToo() {
        var earlier = upstream(1, 1, "desk");
        var later = upstream(2, 1, "desk", "help");
        claims.wish(List.of(earlier, later), Set.of());
        assertThat(claims.hosts()).isEqualTo(2);

        var removed = removed(earlier);
        var touched = claims.wish(List.of(removed, later), Set.of());

        assertThat(touched.upstreams()).containsExactlyInAnyOrder(removed, later);
        assertThat(touched.places()).containsExactlyInAnyOrder(new Place.Host("desk"), new Place.Host("help"));
        assertThat(claims.hosts()).isEqualTo(2);
    }

    @Test
    void whatIsNoLongerListedLeavesItsPlaces() {
        var one = upstream(1, 1, "one");
        var two = upstream(2, 1, "two");
        claims.wish(List.of(one, two), Set.of());

        var touched = claims.wish(List.of(two), Set.of());

        assertThat(touched.upstreams()).isEmpty();
        assertThat(touched.places()).containsExactly(new Place.Host("one"));
        assertThat(claims.hosts()).isEqualTo(1);
    }

    @Test
    void whatDidNotSettleIsTouchedAgain() {
        var one = upstream(1, 1, "one");
        claims.wish(List.of(one), Set.of());

        assertThat(claims.wish(List.of(one), Set.of(one.instanceId())).upstreams())
                .containsExactly(one);
    }

    private static Upstream upstream(long id, long sequence, String... hosts) {
        List<Route> routes = List.of(hosts).stream()
                .<Route>map(host -> new Route.Host("http", host))
                .toList();
        return new Upstream(
                new UUID(id << 16 | 0x7000, 1),
                "acme",
                "desk",
                "acd",
                sequence,
                Instant.EPOCH,
                routes,
                List.of(),
                false);
    }

    private static Upstream removed(Upstream upstream) {
        return new Upstream(
                upstream.instanceId(),
                upstream.tenant(),
                upstream.instanceName(),
                upstream.serviceType(),
                upstream.sequence() + 1,
                Instant.EPOCH,
                upstream.routes(),
                List.of(),
                true);
    }
}
