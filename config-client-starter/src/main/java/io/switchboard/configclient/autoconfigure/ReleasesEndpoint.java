package io.switchboard.configclient.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * Actuator endpoint {@code switchboardconfig}: the releases in effect, and for each of their keys which property source
 * decides its value. Values are not among it.
 */
@Endpoint(id = "switchboardconfig")
final class ReleasesEndpoint {

    private final Following following;
    private final ConfigurableEnvironment environment;

    ReleasesEndpoint(Following following, ConfigurableEnvironment environment) {
        this.following = following;
        this.environment = environment;
    }

    @ReadOperation
    Map<String, Object> releases() {
        Map<String, Object> namespaces = new TreeMap<>();
        following.releases().forEach(release -> {
            Map<String, Object> details = ReleaseDetails.of(release);
            if (environment
                            .getPropertySources()
                            .get("switchboard:" + release.path().namespace())
                    instanceof ReleasePropertySource source) {
                details.put("keys", deciding(source));
            }
            namespaces.put(release.path().namespace(), details);
        });
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("zookeeper", following.reachable() ? "connected" : "not connected");
        all.put("namespaces", namespaces);
        return all;
    }

    /** The source's own name where the release decides, another one's where that wins. */
    private Map<String, String> deciding(ReleasePropertySource release) {
        Map<String, String> deciding = new TreeMap<>();
        for (String key : release.getPropertyNames()) {
            for (PropertySource<?> source : environment.getPropertySources()) {
                if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)
                        && source.containsProperty(key)) {
                    deciding.put(key, source.getName());
                    break;
                }
            }
        }
        return deciding;
    }
}
