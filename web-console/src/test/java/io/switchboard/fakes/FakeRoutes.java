package io.switchboard.fakes;

import io.switchboard.contracts.access.AccessApi;
import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.scheduling.PortSpec.Protocol;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

/** Every instance is reached over HTTP and by SIP. */
@RestController
class FakeRoutes implements AccessApi {

    @Override
    public List<RouteView> routes(@Nullable Caller caller) {
        return List.of();
    }

    @Override
    public RouteView route(UUID instanceId, @Nullable Caller caller) {
        return new RouteView(
                instanceId,
                "acme",
                "support-line",
                Mode.HAPROXY,
                1,
                Instant.now(),
                List.of(
                        new Address("http", Protocol.HTTP, "http://support-line.acme.example"),
                        new Address("sip", Protocol.TCP, "tcp://edge.switchboard.example:22017")),
                List.of(),
                List.of());
    }

    @Override
    public List<ServingView> history(String address, @Nullable Integer limit, @Nullable Caller caller) {
        return List.of();
    }
}
