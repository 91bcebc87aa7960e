package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.route.Network;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The HAProxy that the agent drives.
 *
 * @param mode who starts and ends it
 * @param binary its program: a path, or a name that is looked up in {@code PATH} and the usual folders
 * @param directory its configuration, maps and sockets, and what is known of routes; letters, digits and any of
 *     {@code /._-}
 * @param httpBind where it takes HTTP, {@code address:port}
 * @param tlsBind where it takes HTTP over TLS, {@code address:port}; nowhere if empty
 * @param certificates directory of what it presents there: {@code *.pem}, each with a certificate, what signed it, and its key;
 *     read again with each audit
 * @param tcpBind the address on which it takes the TCP ports
 * @param httpBackends how many instances can have an HTTP route before it has to be reloaded; grows by itself
 * @param tcpBackends how many instances can have a TCP route before it has to be reloaded; grows by itself
 * @param weightedBackends likewise, of routes whose revisions have shares; as many for HTTP and for TCP
 * @param proxiesFrom networks of load balancers in front of it, as {@code 10.0.0.0/8}, that tell by the PROXY protocol whom a
 *     connection comes from; nobody else is believed, and from there every connection must begin with it
 * @param checks whether it also connects to each task every two seconds; the engine checks health anyway
 * @param stopOnClose whether it ends with this process when that is stopped in good order
 * @param timeout the longest wait for an answer of its runtime API
 * @param quarantine how long a backend of a removed instance stays unused
 * @param certificateWarning how long before a certificate ends it is warned of, once a day
 * @param mostBackends to how many of a kind it grows; routes beyond are refused, and those there are stay
 * @param silence how long it must have left all questions unanswered, five at least, before it is taken for stuck and replaced;
 *     that cuts what it carries, so it is said what
 * @param mostOldWorkers how many workers from before a reload may still hold connections; routes that need one more reload wait
 *     until one has ended, and those there are stay
 */
@Validated
@ConfigurationProperties("access.haproxy")
public record HaproxyProperties(
        @DefaultValue("managed") Mode mode,
        @DefaultValue("haproxy") @NotBlank String binary,
        @DefaultValue(".switchboard/access") Path directory,

        @DefaultValue("127.0.0.1:8000") @Pattern(regexp = "[0-9A-Za-z.:*\\[\\]-]*:\\d{1,5}")
        String httpBind,

        @DefaultValue("") @Pattern(regexp = "([0-9A-Za-z.:*\\[\\]-]*:\\d{1,5})?")
        String tlsBind,

        @Nullable Path certificates,

        @DefaultValue("127.0.0.1") @Pattern(regexp = "[0-9A-Za-z.:*\\[\\]-]{1,100}")
        String tcpBind,

        @DefaultValue("500") @Min(1) @Max(20_000) int httpBackends,
        @DefaultValue("200") @Min(1) @Max(20_000) int tcpBackends,
        @DefaultValue("20") @Min(1) @Max(20_000) int weightedBackends,
        @DefaultValue List<String> proxiesFrom,
        @DefaultValue("false") boolean checks,
        @DefaultValue("false") boolean stopOnClose,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("60s") Duration quarantine,
        @DefaultValue("14d") Duration certificateWarning,
        @DefaultValue("10000") @Min(1) @Max(50_000) int mostBackends,
        @DefaultValue("60s") Duration silence,
        @DefaultValue("8") @Min(1) @Max(1_000) int mostOldWorkers) {

    public HaproxyProperties {
        proxiesFrom = List.copyOf(proxiesFrom);
        proxiesFrom.forEach(Network::new);
        if (!tlsBind.isEmpty() && certificates == null) {
            throw new IllegalArgumentException(
                    "access.haproxy.tls-bind needs access.haproxy.certificates, a directory");
        }
    }

    /** Who starts HAProxy. */
    public enum Mode {
        /** The agent starts it, starts it again when it dies, and finds it again after its own restart. */
        MANAGED,
        /** Somebody else starts it with the files that are put into the directory, as a master with {@code -S master.sock}. */
        EXTERNAL,
        /** No HAProxy: clients reach the tasks themselves. */
        NONE
    }

    /** The port of {@code httpBind}. */
    public int httpPort() {
        return Integer.parseInt(httpBind.substring(httpBind.lastIndexOf(':') + 1));
    }
}
