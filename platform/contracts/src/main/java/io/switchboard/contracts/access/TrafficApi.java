package io.switchboard.contracts.access;

import io.switchboard.contracts.identity.Caller;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/**
 * What goes over routes, as the balancer of who answers counts it; with several balancers, each tells its own part. Nothing where
 * clients reach the tasks themselves. {@link Caller} parameters come from the access token: a tenant sees its own routes.
 */
@HttpExchange("/api/v1/traffic")
public interface TrafficApi {

    /** By tenant and instance, one for each public host or port. */
    @GetExchange
    List<TrafficView> traffic(@RequestParam(required = false) @Nullable UUID instanceId, @Nullable Caller caller);

    /** The same in Prometheus's text format 0.0.4, for a Prometheus of the tenant's. */
    @GetExchange(value = "/metrics", accept = "text/plain")
    String metrics(@Nullable Caller caller);

    /**
     * Totals count from {@code since}, rates over the last look at the balancer ({@code access.agent.traffic-every}).
     *
     * @param port the name of the service's port
     * @param route host name, public port as {@code :22017}, or SIP domain as {@code sip:trunk.acme.switchboard.localhost}
     * @param sessions requests over HTTP, connections over TCP, calls that began over SIP
     * @param current sessions now
     * @param answers2xx HTTP answers by the class of their status; 0 over TCP; of SIP over UDP, {@code answers4xx} is what was refused by
     *     the policy or the platform
     * @param failedConnections no connection to a task came about, after all attempts
     * @param failedAnswers a task broke off, or said what nobody understands
     * @param failuresPerSecond what callers noticed: 5xx, failed connections and answers
     * @param retries further attempts to connect to a task
     * @param latencyMillis from a request to the last byte of its answer, over TCP of a whole session; the mean of the last
     *     1024; 0 if there was none
     */
    record TrafficView(
            UUID instanceId,
            String tenant,
            String instanceName,
            String port,
            String route,
            Instant since,
            long sessions,
            long current,
            double sessionsPerSecond,
            long answers2xx,
            long answers3xx,
            long answers4xx,
            long answers5xx,
            long failedConnections,
            long failedAnswers,
            double failuresPerSecond,
            long retries,
            long bytesIn,
            long bytesOut,
            double latencyMillis) {}
}
