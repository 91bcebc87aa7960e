package io.switchboard.access.route;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A public host name or a public port that leads to one port of an instance. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Route.Host.class, name = "host"),
    @JsonSubTypes.Type(value = Route.Port.class, name = "port")
})
public sealed interface Route {

    /** The name of the service's port, for example {@code http}. */
    String port();

    /** @param host lower case, without a port */
    record Host(String port, String host) implements Route {}

    /** @param number where the balancer listens, 1 to 65535 */
    record Port(String port, int number) implements Route {}
}
