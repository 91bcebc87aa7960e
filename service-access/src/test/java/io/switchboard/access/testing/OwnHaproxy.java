package io.switchboard.access.testing;

import io.switchboard.access.balancer.haproxy.HaproxyProperties;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Settings of an HAProxy that a test starts, and that ends with its balancer; all others are as they are delivered. */
public final class OwnHaproxy {

    private static final String PREFIX = "access.haproxy";

    private OwnHaproxy() {}

    /** @param further by the names that they have below {@code access.haproxy}; they come before those given here */
    public static HaproxyProperties properties(Path directory, int httpPort, Map<String, Object> further) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "binary",
                Programs.haproxy().toString(),
                "directory",
                directory.toString(),
                "http-bind",
                "127.0.0.1:" + httpPort,
                "stop-on-close",
                true,
                "timeout",
                "30s",
                "quarantine",
                "0s",
                "most-backends",
                1_000));
        settings.putAll(further);
        var source = new MapConfigurationPropertySource();
        settings.forEach((name, value) -> source.put(PREFIX + "." + name, value));
        return new Binder(source).bind(PREFIX, HaproxyProperties.class).get();
    }
}
