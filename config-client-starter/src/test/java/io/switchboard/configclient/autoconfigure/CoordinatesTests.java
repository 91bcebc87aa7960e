package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.configclient.delivery.Coordinates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class CoordinatesTests {

    /** What Switchboard puts into the environment of each task. */
    private static final Map<String, Object> TASK = Map.of(
            "SWITCHBOARD_CONFIG_ZOOKEEPER", "10.0.0.1:2181",
            "SWITCHBOARD_CONFIG_TENANT", "acme",
            "SWITCHBOARD_CONFIG_APPLICATION", "desk",
            "SWITCHBOARD_CONFIG_STAGE", "prod",
            "SWITCHBOARD_CONFIG_USER", "acme.desk",
            "SWITCHBOARD_CONFIG_SECRET", "hunter2");

    @Test
    void theEnvironmentOfATaskIsEnough() {
        Coordinates coordinates = coordinates(TASK).orElseThrow();

        assertThat(coordinates.path("routing").toString()).isEqualTo("acme/desk/prod/routing");
        assertThat(coordinates.zookeeper()).isEqualTo("10.0.0.1:2181");
        assertThat(coordinates.user()).isEqualTo("acme.desk");
        assertThat(coordinates.secret()).isEqualTo("hunter2");
        assertThat(coordinates.startupTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(coordinates.client()).endsWith(":" + ProcessHandle.current().pid());
        assertThat(coordinates.toString()).doesNotContain("hunter2");
    }

    @Test
    void aTaskGoesByItsId() {
        Map<String, Object> environment = new HashMap<>(TASK);
        environment.put("SWITCHBOARD_TASK_ID", "sb-0a1b.7");
        environment.put("SWITCHBOARD_CONFIG_CACHE_DIRECTORY", "/var/cache/desk");
        environment.put("SWITCHBOARD_CONFIG_STARTUP_TIMEOUT", "1s");

        Coordinates coordinates = coordinates(environment).orElseThrow();

        assertThat(coordinates.client()).isEqualTo("sb-0a1b.7");
        assertThat(coordinates.cacheDirectory()).isEqualTo(Path.of("/var/cache/desk"));
        assertThat(coordinates.startupTimeout()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void allOrNothing() {
        assertThat(coordinates(Map.of())).isEmpty();
        for (String variable : TASK.keySet()) {
            Map<String, Object> environment = new HashMap<>(TASK);
            environment.remove(variable);
            String property = variable.toLowerCase(java.util.Locale.ROOT).replace('_', '.');
            assertThatExceptionOfType(IncompleteCoordinates.class)
                    .isThrownBy(() -> coordinates(environment))
                    .withMessage("missing: " + property);
        }
    }

    private static Optional<Coordinates> coordinates(Map<String, Object> environment) {
        var sources = new MutablePropertySources();
        sources.addLast(new SystemEnvironmentPropertySource("systemEnvironment", environment));
        return NamespaceLocationResolver.coordinates(new Binder(ConfigurationPropertySources.from(sources)));
    }
}
