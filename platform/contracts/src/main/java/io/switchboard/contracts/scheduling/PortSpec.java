package io.switchboard.contracts.scheduling;

/**
 * A port that each task of a service offers.
 *
 * @param name lower case, unique within a service, for example {@code http}
 * @param protocol how the balancer carries it: {@code HTTP} by host name, {@code TCP} by a port of its own, {@code SIP_UDP},
 *     SIP over UDP (RFC 3261), by the domain that a request names
 * @param containerPort where the process listens inside a container, 1 to 65535
 */
public record PortSpec(String name, Protocol protocol, int containerPort) {

    public PortSpec {
        if (containerPort < 1 || containerPort > 65_535) {
            throw new IllegalArgumentException("containerPort must be 1 to 65535 but was " + containerPort);
        }
    }

    public enum Protocol {
        HTTP,
        TCP,
        SIP_UDP
    }
}
