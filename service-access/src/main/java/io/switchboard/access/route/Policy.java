package io.switchboard.access.route;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How an instance's routes treat who calls. Said by its tenant or an operator, and kept whatever the scheduler tells of tasks.
 *
 * @param shares of new sessions, no revision twice, at most 100 in sum; see {@link Shares}
 * @param ports by the name of the service's port; one that isn't named treats everybody alike
 */
public record Policy(List<Share> shares, Map<String, Rules> ports) {

    public static final Policy NONE = new Policy(List.of(), Map.of());

    private static final int MOST_SHARES = 20;
    private static final int MOST_PORTS = 50;

    /** @throws IllegalArgumentException if the shares exceed the whole, or there are too many of anything */
    public Policy {
        shares = List.copyOf(shares);
        ports = Map.copyOf(ports);
        ports.keySet().forEach(ListeningPort::checkName);
        if (shares.size() > MOST_SHARES || ports.size() > MOST_PORTS) {
            throw new IllegalArgumentException(
                    "a policy must have at most " + MOST_SHARES + " shares and " + MOST_PORTS + " ports");
        }
        var revisions = new HashSet<Long>();
        if (!shares.stream().allMatch(share -> revisions.add(share.revision()))) {
            throw new IllegalArgumentException("shares must name each revision once");
        }
        if (shares.stream().mapToInt(Share::percent).sum() > 100) {
            throw new IllegalArgumentException("shares must be at most 100 in sum");
        }
    }

    /** What is so for a port. */
    public Rules rules(String port) {
        return ports.getOrDefault(port, Rules.NONE);
    }

    /**
     * @param revision of the deployment, at least 1
     * @param percent of new sessions, 0 to 100
     */
    public record Share(long revision, int percent) {

        public Share {
            check("revision", revision, 1, Long.MAX_VALUE);
            check("percent", percent, 0, 100);
        }
    }

    /**
     * @param sticky whether a caller comes back to the task that served it, as long as that takes new sessions; HTTP only
     * @param tunnelSeconds how long a WebSocket may be silent, up to a week; 0: as all are, a day; HTTP only
     * @param limits what is refused
     * @param allow who may call at all; empty: everybody
     * @param serverName by which callers of TLS reach the task itself, which has the certificate; empty: they don't; TCP only
     * @param proxyProtocol whether each connection begins with who calls (version 2 of the PROXY protocol), which the task must
     *     expect; TCP only
     */
    public record Rules(
            boolean sticky,
            int tunnelSeconds,
            Limits limits,
            List<Network> allow,
            // Absent in what earlier versions stored.
            @JsonSetter(nulls = Nulls.AS_EMPTY) String serverName,
            @JsonSetter(nulls = Nulls.AS_EMPTY) boolean proxyProtocol) {

        public static final int LONGEST_TUNNEL = 604_800;
        public static final int MOST_NETWORKS = 200;
        public static final Rules NONE = new Rules(false, 0, Limits.NONE, List.of());

        public Rules {
            Objects.requireNonNull(limits);
            allow = List.copyOf(allow);
            check("tunnelSeconds", tunnelSeconds, 0, LONGEST_TUNNEL);
            check("networks in allow", allow.size(), 0, MOST_NETWORKS);
            if (!serverName.isEmpty()) {
                Route.Host.check(serverName);
            }
        }

        /** Without a name of its own in TLS, and without the PROXY protocol. */
        public Rules(boolean sticky, int tunnelSeconds, Limits limits, List<Network> allow) {
            this(sticky, tunnelSeconds, limits, allow, "", false);
        }
    }

    /**
     * What is more is refused. 0: no limit.
     *
     * @param connections at once: requests in progress and tunnels of HTTP, connections of TCP
     * @param perSecond requests of HTTP, connections of TCP, requests out of dialogs of SIP that begin within a second
     * @param connectionsPerSource as {@code connections}, of one address
     * @param perSecondPerSource as {@code perSecond}, of one address
     */
    public record Limits(int connections, int perSecond, int connectionsPerSource, int perSecondPerSource) {

        public static final int HIGHEST = 1_000_000;
        public static final Limits NONE = new Limits(0, 0, 0, 0);

        public Limits {
            check("connections", connections, 0, HIGHEST);
            check("perSecond", perSecond, 0, HIGHEST);
            check("connectionsPerSource", connectionsPerSource, 0, HIGHEST);
            check("perSecondPerSource", perSecondPerSource, 0, HIGHEST);
        }
    }

    private static void check(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " must be " + least + " to " + most + " but was " + value);
        }
    }
}
