package io.switchboard.configclient.guide;

import io.switchboard.configclient.ConfigurationRefreshed;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
class QueueSizes {

    private final AtomicInteger rebuilt = new AtomicInteger();

    @EventListener
    void rebuild(ConfigurationRefreshed refreshed) {
        if (refreshed.changedKeys().stream().anyMatch(key -> key.startsWith("routing."))) {
            rebuilt.incrementAndGet();
        }
    }

    int rebuilt() {
        return rebuilt.get();
    }
}
