package io.switchboard.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * A running standalone Switchboard, known by its state directory.
 *
 * @param directory what {@code ./switchboard} keeps its state in
 * @param secrets of this installation, by name
 */
public record Installation(Path directory, Map<String, String> secrets) {

    private static final Map<String, Integer> PORTS = Map.of(
            "console", 8080,
            "request", 8081,
            "scheduler", 8082,
            "access", 8083,
            "image", 8084,
            "config", 8085,
            "identity", 8086,
            "balancer", 8000);

    public Installation {
        secrets = Map.copyOf(secrets);
    }

    public static Installation in(Path directory) throws IOException {
        var stored = new Properties();
        try (var reader = Files.newBufferedReader(directory.resolve("secrets.properties"))) {
            stored.load(reader);
        }
        var secrets = new java.util.HashMap<String, String>();
        stored.forEach((name, value) -> secrets.put(name.toString(), value.toString()));
        return new Installation(directory, secrets);
    }

    /** Where a service answers; the environment moves ports as it does for {@code ./switchboard up}. */
    public String address(String service) {
        return "http://127.0.0.1:" + port(service);
    }

    public int port(String service) {
        var moved = System.getenv("STANDALONE_PORTS_" + service.toUpperCase(Locale.ROOT));
        return moved != null ? Integer.parseInt(moved) : PORTS.getOrDefault(service, 0);
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
