package io.switchboard.access.balancer;

import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Upstream;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That a task served a public address, and when.
 *
 * @param place host name with or without a path, public port as {@code :22017}, or SIP domain as {@code sip:trunk.acme.switchboard.localhost}
 * @param endpoint host and port where the task listens
 * @param since when traffic began to go there
 * @param drainingSince since when nothing new goes there; null while it does
 * @param until when it ended; null while it goes on
 */
record Serving(
        String place,
        UUID instanceId,
        String tenant,
        String instanceName,
        String taskId,
        String endpoint,
        Instant since,
        @Nullable Instant drainingSince,
        @Nullable Instant until) {

    /** What tells it from others that go on. */
    record Key(String place, UUID instanceId, String taskId, String endpoint) {}

    static Serving begun(String place, Upstream upstream, Endpoint endpoint, Instant now) {
        return new Serving(
                place,
                upstream.instanceId(),
                upstream.tenant(),
                upstream.instanceName(),
                endpoint.taskId(),
                endpoint.host() + ":" + endpoint.number(),
                now,
                endpoint.ready() ? null : now,
                null);
    }

    Key key() {
        return new Key(place, instanceId, taskId, endpoint);
    }

    /** What it is once its task is ready, or drains. */
    Serving asOf(boolean ready, Instant now) {
        if (ready == (drainingSince == null)) {
            return this;
        }
        return new Serving(place, instanceId, tenant, instanceName, taskId, endpoint, since, ready ? null : now, until);
    }

    Serving ended(Instant now) {
        return new Serving(place, instanceId, tenant, instanceName, taskId, endpoint, since, drainingSince, now);
    }

    Optional<Instant> end() {
        return Optional.ofNullable(until);
    }
}
