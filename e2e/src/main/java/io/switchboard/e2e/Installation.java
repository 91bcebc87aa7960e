package io.switchboard.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * A running standalone Switchboard, known by its state directory.
 *
 * @param directory what it keeps its state in
 * @param ports where its services answer, by name
 * @param secrets of this installation, by name
 */
public record Installation(Path directory, Map<String, Integer> ports, Map<String, String> secrets) {

    /** The defaults of {@code ./switchboard up}. */
    private static final Map<String, Integer> DEFAULT_PORTS = Map.of(
            "console", 8080,
            "request", 8081,
            "scheduler", 8082,
            "access", 8083,
            "image", 8084,
            "config", 8085,
            "identity", 8086,
            "balancer", 8000);

    public Installation {
        ports = Map.copyOf(ports);
        secrets = Map.copyOf(secrets);
    }

    /** What {@code ./switchboard up} started; the environment moves ports as it does there. */
    public static Installation in(Path directory) throws IOException {
        var ports = new HashMap<>(DEFAULT_PORTS);
        ports.replaceAll((service, port) -> {
            var moved = System.getenv("STANDALONE_PORTS_" + service.toUpperCase(Locale.ROOT));
            return moved != null ? Integer.valueOf(moved) : port;
        });
        return in(directory, ports);
    }

    public static Installation in(Path directory, Map<String, Integer> ports) throws IOException {
        var stored = new Properties();
        try (var reader = Files.newBufferedReader(directory.resolve("secrets.properties"))) {
            stored.load(reader);
        }
        var secrets = new HashMap<String, String>();
        stored.forEach((name, value) -> secrets.put(name.toString(), value.toString()));
        return new Installation(directory, ports, secrets);
    }

    public String address(String service) {
        return "http://127.0.0.1:" + port(service);
    }

    public int port(String service) {
        var port = ports.get(service);
        if (port == null) {
            throw new IllegalArgumentException("there is no service " + service);
        }
        return port;
    }

    public String secret(String name) {
        var secret = secrets.get(name);
        if (secret == null) {
            throw new IllegalArgumentException("there is no secret " + name + " in " + directory);
        }
        return secret;
    }

    @Override
    public String toString() {
        return "Installation[" + directory + "]";
    }
}
