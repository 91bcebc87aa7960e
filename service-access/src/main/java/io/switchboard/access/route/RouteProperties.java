package io.switchboard.access.route;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
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
        @DefaultValue @Valid Tcp tcp) {

    /** @param ports both ends included; must not overlap the machine's range of ephemeral ports */
    public record Tcp(
            @DefaultValue("22000-22999") @Pattern(regexp = "\\d{1,5}-\\d{1,5}")
            String ports) {

        public Tcp {
            PortRange.parse(ports);
        }

        public PortRange range() {
            return PortRange.parse(ports);
        }
    }
}
