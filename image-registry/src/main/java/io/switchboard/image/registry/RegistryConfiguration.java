package io.switchboard.image.registry;

import io.switchboard.image.token.RegistryTokens;
import io.switchboard.image.token.SecretFile;
import io.switchboard.image.token.TokenProperties;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class RegistryConfiguration {

    private static final Logger log = LoggerFactory.getLogger(RegistryConfiguration.class);

    @Bean
    NotificationToken notificationToken(RegistryProperties properties) {
        return new NotificationToken(
                SecretFile.readOrCreate(properties.directory().resolve("notification.token")));
    }

    /** Looked for once, at start: who installs a registry restarts this service. */
    @Bean
    RegistryProgram registryProgram(RegistryProperties properties) {
        var path = properties.mode() == RegistryProperties.Mode.MANAGED
                ? RegistryProgram.find(properties.program(), System.getenv().getOrDefault("PATH", ""))
                : Optional.<Path>empty();
        return new RegistryProgram(path);
    }

    @Bean
    Registry registry(RegistryProperties properties, RegistryProgram program) {
        return switch (properties.mode()) {
            case NONE -> Registry.absent("This platform runs without a private registry.");
            case EXTERNAL -> {
                var url = URI.create(String.valueOf(properties.url()));
                yield Registry.at(url, Optional.ofNullable(properties.address()).orElse(url.getAuthority()));
            }
            case MANAGED -> {
                if (program.path().isEmpty()) {
                    log.warn(
                            "no private registry: '{}' is not installed; on Debian: apt-get install docker-registry",
                            properties.program());
                    yield Registry.absent("The program '" + properties.program() + "' is not installed.");
                }
                var local = "127.0.0.1:" + properties.port();
                yield Registry.at(
                        URI.create("http://" + local),
                        Optional.ofNullable(properties.address()).orElse(local));
            }
        };
    }

    @Bean
    RegistryProcess registryProcess(
            RegistryProperties properties,
            RegistryProgram program,
            RegistryTokens tokens,
            TokenProperties tokenProperties,
            NotificationToken notifications,
            Environment environment) {
        var directory = properties.directory().toAbsolutePath();
        return new RegistryProcess(
                program.path(),
                directory,
                () -> {
                    var here = "http://127.0.0.1:" + environment.getRequiredProperty("local.server.port");
                    return new RegistryConfig(
                            directory.resolve("data"),
                            properties.port(),
                            tokens.trust(),
                            Optional.ofNullable(tokenProperties.realm()).orElse(URI.create(here + "/token")),
                            URI.create(here + NotificationsController.PATH),
                            notifications.value(),
                            SecretFile.readOrCreate(directory.resolve("upload.secret")));
                },
                properties.stopOnClose());
    }

    @Bean
    RegistryContents registryContents(Registry registry, RegistryTokens tokens, JsonMapper json) {
        var requests = new JdkClientHttpRequestFactory(
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build());
        requests.setReadTimeout(Duration.ofSeconds(10));
        var converter = new JacksonJsonHttpMessageConverter(json);
        converter.setSupportedMediaTypes(Stream.concat(
                        Stream.of(MediaType.APPLICATION_JSON),
                        Manifest.MEDIA_TYPES.stream().map(MediaType::parseMediaType))
                .toList());
        var http = RestClient.builder()
                .requestFactory(requests)
                .configureMessageConverters(converters -> converters.withJsonConverter(converter))
                .build();
        return new RegistryContents(registry, tokens, http);
    }
}
