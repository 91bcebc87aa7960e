package io.switchboard.image;

import io.switchboard.contracts.identity.CredentialsApi;
import io.switchboard.contracts.identity.CredentialsApi.Kind;
import io.switchboard.contracts.identity.CredentialsApi.Verification;
import io.switchboard.contracts.identity.Role;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.test.context.DynamicPropertyRegistry;

/** What this service finds around it: a database, an issuer of access tokens, and somebody who knows passwords. */
@TestConfiguration(proxyBeanMethods = false)
class Surroundings {

    private static final EmbeddedPostgres POSTGRES = start();

    /** Directories and a database; the registry's port is the given one. */
    static void describe(DynamicPropertyRegistry properties, int registryPort) {
        var directory = temporary();
        properties.add("spring.datasource.url", () -> POSTGRES.getJdbcUrl("postgres", "postgres"));
        properties.add("spring.cloud.zookeeper.enabled", () -> false);
        properties.add("server.port", () -> 0);
        properties.add("image.token.directory", () -> directory.resolve("token"));
        properties.add("image.registry.directory", () -> directory.resolve("registry"));
        properties.add("image.registry.port", () -> registryPort);
    }

    static Path temporary() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target/surroundings")), "test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes a tenant's name, "operator" or "service" for an access token. */
    @Bean
    JwtDecoder accessTokens() {
        return token -> {
            var jwt = Jwt.withTokenValue(token).header("alg", "none").subject(token + "-person");
            return switch (token) {
                case "operator", "service" -> jwt.claim("roles", List.of(token)).build();
                default ->
                    jwt.claim("roles", List.of("tenant")).claim("tenant", token).build();
            };
        };
    }

    /** Keys {@code acme-key} and {@code globex-key}, an operator {@code root}; every secret is "right". */
    @Bean
    @Primary
    CredentialsApi passwords() {
        return credential -> {
            var nobody = new Verification(false, Optional.empty(), List.of());
            if (!credential.secret().equals("right")) {
                return nobody;
            }
            if (credential.kind() == Kind.API_KEY && credential.name().endsWith("-key")) {
                var tenant = credential.name().replace("-key", "");
                return new Verification(true, Optional.of(tenant), List.of(Role.TENANT));
            }
            return credential.kind() == Kind.USER && credential.name().equals("root")
                    ? new Verification(true, Optional.empty(), List.of(Role.OPERATOR))
                    : nobody;
        };
    }

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
