package io.switchboard.configclient.guide;

import io.switchboard.configclient.Live;
import java.time.Duration;
import org.springframework.stereotype.Service;

@Service
class Router {

    private final Live<RoutingProperties> routing;

    Router(Live<RoutingProperties> routing) {
        this.routing = routing;
    }

    boolean givesUp(Duration waited, int attempts) {
        RoutingProperties now = routing.get();
        return waited.compareTo(now.maxWait()) > 0 || attempts >= now.attempts();
    }
}
