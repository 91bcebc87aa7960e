package io.switchboard.access.endpoint;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Down while etcd doesn't answer, for then no change is taken. An agent alone needs none: it leads callers on as before, and must
 * not be taken out of service for that.
 */
@Component("etcdHealthIndicator")
@ConditionalOnRegistrar
final class EtcdHealth implements HealthIndicator {

    private final EndpointRegistry registry;

    EtcdHealth(EndpointRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Health health() {
        return registry.answers() ? Health.up().build() : Health.down().build();
    }
}
