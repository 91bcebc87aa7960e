package io.switchboard.access.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.contracts.access.Address;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AddressingTests {

    private static final Upstream DESK = new Upstream(
            new UUID(0x7000, 1),
            "acme",
            "desk",
            "acd",
            1,
            Instant.EPOCH,
            List.of(new Route.Host("http", "desk.acme.example"), new Route.Port("sip", 22_017)),
            List.of(),
            false);

    @Test
    void addressesSayWhichWayCallersCome() {
        assertThat(urls(new Addressing("example", "calls.example", 8000)))
                .containsExactly("http://desk.acme.example:8000", "tcp://calls.example:22017");
        assertThat(urls(new Addressing("example", "calls.example", 80)))
                .containsExactly("http://desk.acme.example", "tcp://calls.example:22017");
        assertThat(urls(new Addressing("example", "calls.example", 8000, 8443)))
                .containsExactly("https://desk.acme.example:8443", "tcp://calls.example:22017");
        assertThat(urls(new Addressing("example", "calls.example", 8000, 443)))
                .containsExactly("https://desk.acme.example", "tcp://calls.example:22017");
    }

    private static List<String> urls(Addressing addressing) {
        return addressing.addresses(DESK).stream().map(Address::url).toList();
    }
}
