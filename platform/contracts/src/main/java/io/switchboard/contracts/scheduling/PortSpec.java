package io.switchboard.contracts.scheduling;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;

/**
 * A port that each task of a service offers.
 *
 * @param name lower case, unique within a service, for example {@code http}
 * @param protocol how callers get there: {@code HTTP} by host name, {@code TCP} by a port of its own, {@code SIP_UDP},
 *     SIP over UDP (RFC 3261), by the domain that a request names, all three through a balancer; {@code RTP}, media (RFC
 *     3550), straight at the task's machine, by what the task says in its SDP
 * @param containerPort where the process listens inside a container, 1 to 65535; absent for {@code RTP}
 * @param count how many ports for media each task needs, 2 to 65534 and even, as each port of RTP has one of RTCP above
 *     it; for {@code RTP} only
 */
public record PortSpec(
        String name,
        Protocol protocol,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) @JsonSetter(nulls = Nulls.AS_EMPTY)
        int containerPort,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) @JsonSetter(nulls = Nulls.AS_EMPTY)
        int count) {

    /** One that isn't for media. */
    public PortSpec(String name, Protocol protocol, int containerPort) {
        this(name, protocol, containerPort, 0);
    }

    public PortSpec {
        if (protocol == Protocol.RTP) {
            if (count < 2 || count > 65_534 || count % 2 != 0) {
                throw new IllegalArgumentException("count must be even, 2 to 65534, but was " + count);
            }
            if (containerPort != 0) {
                throw new IllegalArgumentException("a port of RTP has a count and no containerPort");
            }
        } else {
            if (containerPort < 1 || containerPort > 65_535) {
                throw new IllegalArgumentException("containerPort must be 1 to 65535 but was " + containerPort);
            }
            if (count != 0) {
                throw new IllegalArgumentException("only a port of RTP has a count");
            }
        }
    }

    /** Whether a balancer leads there. */
    public boolean balanced() {
        return protocol != Protocol.RTP;
    }

    public enum Protocol {
        HTTP,
        TCP,
        SIP_UDP,
        RTP
    }
}
