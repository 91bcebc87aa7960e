package io.switchboard.access.route;

import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.PortSpec.Protocol;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names and addresses of routes.
 *
 * @param publicPort port of HTTP addresses, 1 to 65535
 * @param publicTlsPort port at which these are reached over TLS, and told to be; 0 if they aren't
 * @param publicSipPort UDP port of SIP addresses, 1 to 65535
 */
public record Addressing(String domain, String publicHost, int publicPort, int publicTlsPort, int publicSipPort) {

    /** RFC 3261, section 19.1.2. */
    private static final int SIP_PORT = 5060;

    /** Without TLS, and SIP at its usual port. */
    public Addressing(String domain, String publicHost, int publicPort) {
        this(domain, publicHost, publicPort, 0, SIP_PORT);
    }

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /**
     * Where an HTTP port answers, or SIP over UDP. The first of each has the instance's own name; further ones put theirs
     * in front.
     *
     * @throws IllegalArgumentException if a name can't be part of a host name
     */
    public String host(TaskSnapshot snapshot, PortSpec port) {
        var host = label(snapshot.instanceName()) + "." + label(snapshot.tenant()) + "." + domain;
        boolean first = snapshot.ports().stream()
                .filter(each -> each.protocol() == port.protocol())
                .findFirst()
                .filter(port::equals)
                .isPresent();
        return first ? host : label(port.name()) + "." + host;
    }

    /**
     * The name in TLS by which one port of an instance is told from all others.
     *
     * @throws IllegalArgumentException if a name can't be part of a host name
     */
    public String serverName(Upstream upstream, String port) {
        return label(port) + "." + label(upstream.instanceName()) + "." + label(upstream.tenant()) + "." + domain;
    }

    /** What a client uses, by the route's order. */
    public List<Address> addresses(Upstream upstream) {
        return upstream.routes().stream().map(this::address).toList();
    }

    /** Whether a host name is the platform's own, which no tenant may have besides. */
    public boolean own(String host) {
        return host.equals(domain) || host.endsWith("." + domain) || host.equals(publicHost.toLowerCase(Locale.ROOT));
    }

    /** Whether a host name is, or would be, one of an instance of this tenant's. */
    public boolean givenTo(String tenant, String host) {
        return host.endsWith("." + tenant + "." + domain);
    }

    private Address address(Route route) {
        return switch (route) {
            case Route.Http http ->
                new Address(
                        http.port(),
                        Protocol.HTTP,
                        publicTlsPort > 0
                                ? "https://" + http.host() + (publicTlsPort == 443 ? "" : ":" + publicTlsPort)
                                        + path(http)
                                : "http://" + http.host() + (publicPort == 80 ? "" : ":" + publicPort) + path(http));
            case Route.Port(String port, int number) ->
                new Address(port, Protocol.TCP, "tcp://" + publicHost + ":" + number);
            case Route.Sip(String port, String name) ->
                new Address(port, Protocol.SIP_UDP, "sip:" + name + ":" + publicSipPort + ";transport=udp");
        };
    }

    private static String path(Route.Http route) {
        return route.place().substring(route.host().length());
    }

    private static String label(String name) {
        if (!LABEL.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a name in a route must be lower-case letters, digits and dashes, at most 63, but was '"
                            + name.replaceAll("[^A-Za-z0-9._-]", "?") + "'");
        }
        return name;
    }
}
