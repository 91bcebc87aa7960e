package io.switchboard.access.balancer.kamailio;

import io.switchboard.access.route.Network;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The Kamailio that carries SIP over UDP.
 *
 * @param mode who starts and ends it
 * @param binary its program: a path, or a name that is looked up in {@code PATH} and the usual folders
 * @param directory its configuration, list and pipes, for nobody else; letters, digits and any of {@code /._-}
 * @param bind where it takes SIP over UDP, {@code address:port} with an IP address of this machine
 * @param advertise what it calls itself in {@code Via} and {@code Record-Route} where callers reach it by another address,
 *     {@code address:port}; as {@code bind} if empty
 * @param processes that take requests
 * @param memoryMib that all share: calls being set up, and where each Call-ID went within the last five minutes
 * @param mostPerSecond requests out of dialogs that are let in within a second, of all domains; half of them of one; 0: any
 *     number, and nothing keeps a flood from the memory
 * @param silence how long a task may say nothing at all until a call goes to the next one, at least 100 ms
 * @param taskNetworks where tasks send from, besides the addresses at which they are reached: those of containers
 * @param stopOnClose whether it ends with this process when that is stopped in good order
 * @param timeout the longest wait for an answer of its RPC interface
 */
@Validated
@ConfigurationProperties("access.kamailio")
public record KamailioProperties(
        @DefaultValue("managed") Mode mode,
        @DefaultValue("kamailio") @NotBlank String binary,

        @DefaultValue(".switchboard/access/kamailio") Path directory,

        @DefaultValue("127.0.0.1:5060") @Pattern(regexp = ADDRESS)
        String bind,

        @DefaultValue("") @Pattern(regexp = "(" + NAMED + ")?")
        String advertise,

        @DefaultValue("4") @Min(1) @Max(64) int processes,
        @DefaultValue("128") @Min(16) @Max(65_536) int memoryMib,
        @DefaultValue("200") @Min(0) @Max(1_000_000) int mostPerSecond,
        @DefaultValue("5s") Duration silence,
        @DefaultValue({"127.0.0.0/8", "172.16.0.0/12"}) List<String> taskNetworks,
        @DefaultValue("false") boolean stopOnClose,
        @DefaultValue("5s") Duration timeout) {

    private static final String ADDRESS = "([0-9.]{7,15}|\\[[0-9A-Fa-f:.]{2,45}\\]):\\d{1,5}";
    private static final String NAMED = "([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\]):\\d{1,5}";

    public KamailioProperties {
        taskNetworks = List.copyOf(taskNetworks);
        taskNetworks.forEach(Network::new);
        if (silence.toMillis() < 100 || silence.toSeconds() > 60) {
            throw new IllegalArgumentException("access.kamailio.silence must be 100 ms to 60 s but was " + silence);
        }
    }

    /** Who starts Kamailio. */
    public enum Mode {
        /**
         * The agent starts it with the first instance that has SIP over UDP, starts it again when it dies, and finds it again
         * after its own restart.
         */
        MANAGED,
        /** No Kamailio: callers reach the tasks themselves. */
        NONE
    }

    /** The port of {@code bind}. */
    public int port() {
        return Integer.parseInt(bind.substring(bind.lastIndexOf(':') + 1));
    }
}
