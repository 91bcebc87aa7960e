package io.switchboard.configclient.guide;

import io.switchboard.configclient.Change;
import io.switchboard.configclient.OnConfigurationChange;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

@Component
class QueueSizes {

    private final AtomicInteger rebuilt = new AtomicInteger();

    @OnConfigurationChange("routing")
    void rebuild(Change<RoutingProperties> change) {
        if (!change.before()
                .map(RoutingProperties::attempts)
                .equals(change.after().map(RoutingProperties::attempts))) {
            rebuilt.incrementAndGet();
        }
    }

    int rebuilt() {
        return rebuilt.get();
    }
}
