package io.switchboard.access.route;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A public host name, port or SIP domain that leads to one port of an instance. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Route.Host.class, name = "host"),
    @JsonSubTypes.Type(value = Route.Port.class, name = "port"),
    @JsonSubTypes.Type(value = Route.Sip.class, name = "sip")
})
public sealed interface Route {

    /** The name of the service's port, for example {@code http}. */
    String port();

    /** One that comes in over TCP. */
    sealed interface Stream extends Route {}

    /**
     * What is read from etcd becomes settings and commands of the balancer, so a name may hold nothing that means anything
     * there.
     *
     * @param host lower case, without a port, at most 253 characters
     */
    record Host(String port, String host) implements Stream {

        public Host {
            ListeningPort.checkName(port);
            check(host);
        }

        static void check(String host) {
            if (!host.matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")) {
                throw new IllegalArgumentException("host must be a host name in lower case");
            }
        }
    }

    /** @param number where the balancer listens, 1 to 65535 */
    record Port(String port, int number) implements Stream {

        public Port {
            ListeningPort.checkName(port);
            ListeningPort.checkNumber(number);
        }
    }

    /** @param domain that a SIP request over UDP names, as of {@link Host} */
    record Sip(String port, String domain) implements Route {

        public Sip {
            ListeningPort.checkName(port);
            Host.check(domain);
        }
    }
}
