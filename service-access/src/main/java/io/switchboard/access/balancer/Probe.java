package io.switchboard.access.balancer;

import io.switchboard.access.route.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.function.Predicate;

/** Whether an endpoint takes connections, at the address that it was last known to have. */
final class Probe implements Predicate<Endpoint> {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final HostAddresses addresses;

    Probe(HostAddresses addresses) {
        this.addresses = addresses;
    }

    /** A resolver that is away, too, says nothing of whoever it doesn't find. */
    @Override
    public boolean test(Endpoint endpoint) {
        String address;
        try {
            address = addresses.of(endpoint.host());
        } catch (IllegalArgumentException e) {
            return true;
        }
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, endpoint.number()), (int) PATIENCE.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
