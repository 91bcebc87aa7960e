package io.switchboard.bench;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** Access tokens signed as the issuer signs them, so that checking them costs what it costs. */
final class Tokens {

    private final KeyPair keys;
    private final Clock clock;

    Tokens(Clock clock) throws NoSuchAlgorithmException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        this.keys = generator.generateKeyPair();
        this.clock = clock;
    }

    JwtDecoder decoder() {
        return NimbusJwtDecoder.withPublicKey((RSAPublicKey) keys.getPublic()).build();
    }

    /** One token each for as many tenants. */
    List<String> ofTenants(int count) throws JOSEException {
        var tokens = new ArrayList<String>();
        for (int tenant = 0; tenant < count; tenant++) {
            tokens.add(ofTenant("bench" + tenant));
        }
        return tokens;
    }

    /** The issuer's key as a process of its own is given it. */
    String publicKey() {
        return Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
    }

    /** One of a service of the platform. */
    String ofService() throws JOSEException {
        return token(new JWTClaimsSet.Builder().claim("roles", List.of("service")));
    }

    /** One of somebody who runs the platform. */
    String ofOperator() throws JOSEException {
        return token(new JWTClaimsSet.Builder().claim("roles", List.of("operator")));
    }

    private String ofTenant(String tenant) throws JOSEException {
        return token(new JWTClaimsSet.Builder().claim("tenant", tenant).claim("roles", List.of("tenant")));
    }

    private String token(JWTClaimsSet.Builder claims) throws JOSEException {
        var token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.RS256),
                claims.subject("sbk-0123456789abcdef0123")
                        .issuer("http://127.0.0.1:8086")
                        .issueTime(Date.from(clock.instant()))
                        .expirationTime(Date.from(clock.instant().plus(Duration.ofHours(2))))
                        .build());
        token.sign(new RSASSASigner(keys.getPrivate()));
        return token.serialize();
    }
}
