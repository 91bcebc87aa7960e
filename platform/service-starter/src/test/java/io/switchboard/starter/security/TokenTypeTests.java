package io.switchboard.starter.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** Tokens of one issuer, all signed with its key, which say in different ways what they are. */
class TokenTypeTests {

    private static RSAKey key;
    private static HttpServer issuer;
    private static String address;

    @BeforeAll
    static void start() throws Exception {
        key = new RSAKeyGenerator(2048).keyID("one").generate();
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        address = "http://127.0.0.1:" + issuer.getAddress().getPort();
        answer("/.well-known/openid-configuration", """
                {"issuer":"%1$s","jwks_uri":"%1$s/keys","subject_types_supported":["public"]}\
                """.formatted(address));
        answer("/keys", new JWKSet(key.toPublicJWK()).toString());
        issuer.start();
    }

    @AfterAll
    static void stop() {
        issuer.stop(0);
    }

    private static void answer(String path, String json) {
        issuer.createContext(path, exchange -> {
            var bytes = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "at+jwt, at+jwt",
        "at+jwt, AT+JWT",
        "at+jwt, application/at+jwt",
        "at+jwt, Application/At+Jwt",
        "JWT,    JWT",
        "JWT,    jwt",
        "'',     ",
    })
    void aTokenOfTheTypeThatWasSetIsTaken(String set, @Nullable String type) throws Exception {
        assertThat(decoder(set).decode(token(type, address)).getSubject()).isEqualTo("ann");
    }

    @ParameterizedTest
    @CsvSource({
        "at+jwt, JWT",
        "at+jwt, ",
        "at+jwt, logout+jwt",
        "at+jwt, x/at+jwt",
        "JWT,    at+jwt",
        "JWT,    ",
        "'',     JWT",
        "'',     at+jwt",
    })
    void aTokenOfAnotherTypeIsNot(String set, @Nullable String type) {
        assertThatThrownBy(() -> decoder(set).decode(token(type, address))).isInstanceOf(BadJwtException.class);
    }

    @Test
    void theIssuerIsLookedAtAsWell() {
        assertThatThrownBy(() -> decoder("at+jwt").decode(token("at+jwt", "http://127.0.0.1:1")))
                .isInstanceOf(BadJwtException.class);
    }

    @Test
    void aServiceAsksForAccessTokensUnlessAnotherTypeIsSet() {
        var service = new ApplicationContextRunner().withUserConfiguration(App.class);

        service.run(
                context -> assertThat(context.getBean(SecurityProperties.class).tokenType())
                        .isEqualTo("at+jwt"));
        service.withPropertyValues("switchboard.security.token-type=JWT")
                .run(context -> assertThat(
                                context.getBean(SecurityProperties.class).tokenType())
                        .isEqualTo("JWT"));
        service.withPropertyValues("switchboard.security.token-type=")
                .run(context -> assertThat(
                                context.getBean(SecurityProperties.class).tokenType())
                        .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/at+jwt", "at jwt", "*", "at+jwt,JWT", "+jwt"})
    void aServiceDoesNotStartWithWhatIsNoType(String set) {
        new ApplicationContextRunner()
                .withUserConfiguration(App.class)
                .withPropertyValues("switchboard.security.token-type=" + set)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("switchboard.security.token-type")
                        .hasMessageContaining("such as at+jwt or JWT, or empty"));
    }

    private static JwtDecoder decoder(String tokenType) {
        return new SecurityAutoConfiguration()
                .jwtDecoder(new SecurityProperties(
                        URI.create(address), tokenType, true, SecurityProperties.Outgoing.NONE, null, null));
    }

    private static String token(@Nullable String type, String issuer) throws JOSEException {
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(key.getKeyID())
                        .type(type == null ? null : new JOSEObjectType(type))
                        .build(),
                new JWTClaimsSet.Builder().issuer(issuer).subject("ann").build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    @EnableConfigurationProperties(SecurityProperties.class)
    static class App {}
}
