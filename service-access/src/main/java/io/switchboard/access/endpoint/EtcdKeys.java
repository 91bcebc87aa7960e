package io.switchboard.access.endpoint;

import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Upstream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** Where what lies in etcd; {@code docs/reference/etcd-keys.md} says it to operators. */
final class EtcdKeys {

    static final String ROOT = "/switchboard/v1/";
    /** A random value, written once: another one, or none, means that etcd lost its data. */
    static final String INCARNATION = ROOT + "incarnation";

    static final String INSTANCES = ROOT + "instances/";
    static final String ENDPOINTS = ROOT + "endpoints/";
    static final String ROUTES = ROOT + "routes/";
    static final String HOSTS = ROUTES + "hosts/";
    static final String PATHS = ROUTES + "paths/";
    static final String PORTS = ROUTES + "ports/";
    static final String AGENTS = ROOT + "agents/";
    static final String AGENTS_ALIVE = AGENTS + "alive/";
    static final String AGENTS_DRIFTS = AGENTS + "drifts/";
    static final String AGENTS_CERTIFICATES = AGENTS + "certificates/";
    private static final String AGENTS_REPORTS = AGENTS + "reports/";

    private EtcdKeys() {}

    static String instance(UUID instanceId) {
        return INSTANCES + instanceId;
    }

    static String host(String host) {
        return HOSTS + host;
    }

    /** Whose a host's paths are. Each change of one of them changes it, so that no two change at once. */
    static String paths(String host) {
        return PATHS + host;
    }

    /** Whether it is one of {@link #paths}, and no path's own. */
    static boolean isOfAllPaths(String key) {
        return key.startsWith(PATHS) && key.indexOf('/', PATHS.length()) < 0;
    }

    /** Of a host, or of a path of one. */
    static String place(String place) {
        return place.contains("/") ? PATHS + place : host(place);
    }

    static String hostOfPath(String key) {
        return key.substring(PATHS.length(), key.indexOf('/', PATHS.length()));
    }

    static String port(int number) {
        return PORTS + number;
    }

    static String endpoints(Upstream upstream) {
        return ENDPOINTS + segment(upstream.tenant()) + "/" + upstream.instanceId() + "/";
    }

    static String endpoint(Upstream upstream, Endpoint endpoint) {
        return endpoints(upstream) + segment(endpoint.port()) + "/" + segment(endpoint.taskId());
    }

    /** What an agent said last. */
    static String agent(String id) {
        return AGENTS_REPORTS + segment(id);
    }

    /** When its balancer did something else than it was told. */
    static String agentDrifts(String id) {
        return AGENTS_DRIFTS + segment(id);
    }

    /** What its balancer presents to callers of TLS. */
    static String agentCertificates(String id) {
        return AGENTS_CERTIFICATES + segment(id);
    }

    /** There while the agent is alive. */
    static String agentAlive(String id) {
        return AGENTS_ALIVE + segment(id);
    }

    /** The name that the key ends with; empty if it ends with nothing that {@link #segment} makes. */
    static Optional<String> last(String key) {
        try {
            return Optional.of(URLDecoder.decode(key.substring(key.lastIndexOf('/') + 1), StandardCharsets.UTF_8))
                    .filter(name -> !name.isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Task ids come from engines and may hold anything. */
    private static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
