package io.switchboard.request.catalog;

import io.switchboard.contracts.ordering.CatalogApi.ServiceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class CatalogConfiguration {

    /** In the order in which people see them. */
    private static final List<String> TYPES = List.of("voice", "acd", "ivr", "recording", "video", "chat");

    @Bean
    ImagePins imagePins(JdbcClient jdbc, Clock clock, CatalogProperties properties) {
        return new ImagePins(jdbc, clock, properties.images());
    }

    @Bean
    Catalog catalog(ImagePins pins) {
        return new Catalog(shipped().toList(), pins);
    }

    /** The service types as the files beside this class's module describe them. */
    static Stream<ServiceType> shipped() {
        // Not Jackson's YAML reader: it doesn't follow the aliases that let plans share a schema.
        var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        return TYPES.stream().map(type -> {
            try (var file = new ClassPathResource("catalog/" + type + ".yaml").getInputStream()) {
                return JsonMapper.shared().convertValue(yaml.load(file), ServiceType.class);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
