package io.switchboard.access.testing;

import io.switchboard.access.balancer.kamailio.KamailioProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings of a Kamailio that a test starts, and that ends with its balancer. */
public final class OwnKamailio {

    private OwnKamailio() {}

    /** @param mostPerSecond 0 for any number */
    public static KamailioProperties properties(
            Path directory, int port, int processes, int mostPerSecond, Duration silence, List<String> taskNetworks) {
        return new KamailioProperties(
                KamailioProperties.Mode.MANAGED,
                Programs.kamailio().toString(),
                directory,
                "127.0.0.1:" + port,
                "",
                processes,
                64,
                mostPerSecond,
                silence,
                taskNetworks,
                true,
                Duration.ofSeconds(5));
    }
}
