package io.switchboard.contracts.access;

import io.switchboard.contracts.identity.Caller;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * How the routes of an instance treat who calls: for its tenant and for operators. What is said is durable before the answer
 * and in force within moments of it, without cutting anything; every call may be repeated. {@link Caller} parameters come
 * from the access token; a client passes {@code null}.
 */
@HttpExchange("/api/v1/routes/{instanceId}/policy")
public interface RoutePolicyApi {

    /** Everybody is treated alike where nothing was ever said. */
    @GetExchange
    PolicyView policy(@PathVariable UUID instanceId, @Nullable Caller caller);

    /** Replaces all that was said before. */
    @PutExchange
    PolicyView govern(
            @PathVariable UUID instanceId, @RequestBody @Valid PolicyRequest request, @Nullable Caller caller);

    /**
     * @param shares of new sessions, by revision; absent: all ready tasks have the same
     * @param ports by the name of the service's port; absent, as one that isn't named: everybody is treated alike
     */
    record PolicyRequest(
            @Nullable @Size(max = 20) List<@NotNull @Valid Share> shares,
            @Nullable @Size(max = 50) Map<String, @NotNull @Valid PortRules> ports) {}

    /**
     * In force while tasks of an earlier revision are ready: 10 for a new revision sends it a tenth of what comes, however many
     * tasks it and the others have. It ends by itself with the rollout.
     *
     * @param revision of the deployment
     * @param percent of new sessions; all shares at most 100 in sum, the rest goes to the revisions that aren't named
     */
    record Share(@Min(1) long revision, @Min(0) @Max(100) int percent) {}

    /**
     * @param sticky whether a caller comes back, by a cookie, to the task that served it; for HTTP only, absent: no
     * @param tunnelSeconds how long a WebSocket may be silent; for HTTP only, absent: a day
     * @param limits absent: none
     * @param allow networks that may call, as {@code 10.1.0.0/16} or {@code fd00::/8}; absent or empty: everybody
     * @param tlsPassthrough whether callers of TLS reach the task by a name of this port, with the task's own certificate; for TCP
     *     only, absent: no
     * @param proxyProtocol whether the task is told who calls by a header of the PROXY protocol, version 2, at the beginning of each
     *     connection, which it must expect; for TCP only, absent: no
     */
    record PortRules(
            @Nullable Boolean sticky,
            @Nullable @Min(1) @Max(604_800) Integer tunnelSeconds,
            @Nullable @Valid Limits limits,
            @Nullable @Size(max = 200) List<@NotNull String> allow,
            @Nullable Boolean tlsPassthrough,
            @Nullable Boolean proxyProtocol) {

        public PortRules {
            allow = allow == null ? null : List.copyOf(allow);
        }
    }

    /**
     * What is more is refused: HTTP with 429 {@code LIMIT_REACHED}, TCP by closing the connection, SIP over UDP with 503. Each absent: no limit.
     * Each balancer counts by itself.
     *
     * @param connections at once: requests in progress and WebSockets of HTTP, connections of TCP; not for SIP over UDP
     * @param perSecond requests of HTTP, connections of TCP, requests out of dialogs of SIP over UDP
     * @param connectionsPerSource as {@code connections}, of one address
     * @param perSecondPerSource as {@code perSecond}, of one address
     */
    record Limits(
            @Nullable @Min(1) @Max(1_000_000) Integer connections,
            @Nullable @Min(1) @Max(1_000_000) Integer perSecond,
            @Nullable @Min(1) @Max(1_000_000) Integer connectionsPerSource,
            @Nullable @Min(1) @Max(1_000_000) Integer perSecondPerSource) {}

    /**
     * @param shares as they were said
     * @param ports as they were said
     * @param serverNames by port, the name in TLS by which callers reach the task itself
     * @param traffic what each revision with ready tasks gets of new sessions now, oldest first
     */
    record PolicyView(
            UUID instanceId,
            List<Share> shares,
            Map<String, PortRules> ports,
            Map<String, String> serverNames,
            List<RevisionTraffic> traffic) {

        public PolicyView {
            shares = List.copyOf(shares);
            ports = Map.copyOf(ports);
            serverNames = Map.copyOf(serverNames);
            traffic = List.copyOf(traffic);
        }
    }

    /**
     * @param revision 0 where the scheduler didn't tell
     * @param readyTasks that serve it
     * @param percent of new sessions
     */
    record RevisionTraffic(long revision, int readyTasks, double percent) {}
}
