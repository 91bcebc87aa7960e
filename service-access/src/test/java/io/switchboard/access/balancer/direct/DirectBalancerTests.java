package io.switchboard.access.balancer.direct;

import io.switchboard.access.balancer.Balancer;
import io.switchboard.access.balancer.BalancerContract;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.testing.Routing;
import java.net.URI;

class DirectBalancerTests extends BalancerContract {

    private final Balancer balancer = new DirectBalancer();

    @Override
    protected Balancer balancer() {
        return balancer;
    }

    @Override
    protected Routing routing() {
        return new Routing(8000, new PortRange(22_000, 22_009));
    }

    @Override
    protected URI reachable(URI address) {
        return address;
    }
}
