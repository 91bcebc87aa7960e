package io.switchboard.access.route;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Locale;

/** A public host name, a path of one, a port or a SIP domain that leads to one port of an instance. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Route.Host.class, name = "host"),
    @JsonSubTypes.Type(value = Route.Path.class, name = "path"),
    @JsonSubTypes.Type(value = Route.Port.class, name = "port"),
    @JsonSubTypes.Type(value = Route.Sip.class, name = "sip")
})
public sealed interface Route {

    /** The name of the service's port, for example {@code http}. */
    String port();

    /** One that comes in over TCP. */
    sealed interface Stream extends Route {}

    /** One that is told from others by what an HTTP request names. */
    sealed interface Http extends Stream {

        String host();

        /** The host, and the path behind it if there is one: no two routes share it. */
        String place();
    }

    /**
     * What is read from etcd becomes settings and commands of the balancer, so a name may hold nothing that means anything
     * there.
     *
     * @param host lower case, without a port, at most 253 characters
     */
    record Host(String port, String host) implements Http {

        public Host {
            ListeningPort.checkName(port);
            check(host);
        }

        @Override
        public String place() {
            return host;
        }

        static void check(String host) {
            if (!host.matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")) {
                throw new IllegalArgumentException("host must be a host name in lower case");
            }
        }
    }

    /**
     * A part of a host. It has a kind of its own, because who doesn't know of paths would lead the whole host here.
     *
     * @param host as of {@link Host}
     * @param path of which whole segments count: {@code /chat} stands for {@code /chat} and {@code /chat/x}, not for
     *     {@code /chatter}
     */
    record Path(String port, String host, String path) implements Http {

        public static final String WHOLE_HOST = "/";
        public static final int MOST_SEGMENTS = 8;
        public static final int LONGEST = 200;

        public Path {
            ListeningPort.checkName(port);
            Host.check(host);
            check(path);
        }

        @Override
        public String place() {
            return host + path;
        }

        /**
         * Only what every server reads alike: nothing that needs to be encoded, and no steps up.
         *
         * @throws IllegalArgumentException if it is no such path, with a sentence to follow the field's name
         */
        public static void check(String path) {
            if (path.length() > LONGEST
                    || !path.matches("(/[A-Za-z0-9._~-]+){1," + MOST_SEGMENTS + "}")
                    || (path + "/").contains("/./")
                    || (path + "/").contains("/../")) {
                throw new IllegalArgumentException("must be a path as /chat or /chat/v2, of at most " + MOST_SEGMENTS
                        + " segments and " + LONGEST
                        + " letters, digits, and any of ._~-, without . and .. as a segment and without / at the end");
            }
            if (path.toLowerCase(Locale.ROOT).matches("/switchboard(/.*)?")) {
                throw new IllegalArgumentException("must not begin with /switchboard, which is the platform's own");
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
