package io.switchboard.access.route;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What public addresses look like.
 *
 * @param domain instances answer at {@code <instance>.<tenant>.<domain>}
 * @param publicHost host name of TCP addresses
 * @param publicPort port of HTTP addresses; 0 means the one that the balancer binds
 * @param publicTlsPort port of the same over TLS, at this balancer or at one in front of it; 0 where addresses are to be plain HTTP
 * @param publicSipPort UDP port of SIP addresses; 0 means the one that Kamailio binds
 * @param tcp ports for TCP routes
 */
@Validated
@ConfigurationProperties("access")
public record RouteProperties(
        @DefaultValue("switchboard.localhost") @Pattern(regexp = "[a-z0-9.-]{1,190}")
        String domain,

        @DefaultValue("localhost") @Pattern(regexp = "[A-Za-z0-9.:-]{1,253}")
        String publicHost,

        @DefaultValue("0") @Min(0) @Max(65_535) int publicPort,
        @DefaultValue("0") @Min(0) @Max(65_535) int publicTlsPort,
        @DefaultValue("0") @Min(0) @Max(65_535) int publicSipPort,
        @DefaultValue @Valid Tcp tcp) {

    /**
     * @param ports both ends included; must not overlap the machine's range of ephemeral ports
     * @param tenants parts of {@code ports} that only the tenant of this name gets, as {@code 22100-22199}; who isn't named shares the
     *     rest. What was given away before stays where it is
     */
    public record Tcp(
            @DefaultValue("22000-22999") @Pattern(regexp = "\\d{1,5}-\\d{1,5}")
            String ports,

            @DefaultValue Map<String, String> tenants) {

        public Tcp {
            tenants = Map.copyOf(tenants);
            ranges(ports, tenants);
        }

        public PortRange range() {
            return PortRange.parse(ports);
        }

        public PublicPorts ranges() {
            return ranges(ports, tenants);
        }

        private static PublicPorts ranges(String ports, Map<String, String> tenants) {
            Map<String, PortRange> own = new HashMap<>();
            tenants.forEach((tenant, range) -> own.put(tenant, PortRange.parse(range)));
            return new PublicPorts(PortRange.parse(ports), own);
        }
    }
}
