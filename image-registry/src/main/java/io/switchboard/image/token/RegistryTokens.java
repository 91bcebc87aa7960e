package io.switchboard.image.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Makes tokens that the registry believes: signed with the key whose certificate it was given. */
public class RegistryTokens {

    private static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

    private final SigningKey key;
    private final TokenProperties properties;
    private final Clock clock;
    private final JWSHeader header;

    RegistryTokens(SigningKey key, TokenProperties properties, Clock clock) {
        this.key = key;
        this.properties = properties;
        this.clock = clock;
        try {
            // The chain instead of a key id: registry 2.8 wants the id in a form of its own.
            this.header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .type(JOSEObjectType.JWT)
                    .x509CertChain(List.of(Base64.encode(key.certificate().getEncoded())))
                    .build();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a registry has to be given as {@code auth.token}. */
    public Trust trust() {
        return new Trust(properties.service(), properties.issuer(), key.certificateFile());
    }

    /** A token for this service's own look at the registry. */
    public String own(Access... access) {
        return issue("image-registry", List.of(access)).value();
    }

    Token issue(String subject, List<Access> access) {
        var now = clock.instant();
        var claims = new JWTClaimsSet.Builder()
                .issuer(properties.issuer())
                .subject(subject)
                .audience(properties.service())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now.minus(CLOCK_SKEW)))
                .expirationTime(Date.from(now.plus(properties.lifetime())))
                .jwtID(UUID.randomUUID().toString())
                .claim("access", access.stream().map(RegistryTokens::claim).toList())
                .build();
        var token = new SignedJWT(header, claims);
        try {
            token.sign(new RSASSASigner(key.key()));
        } catch (JOSEException e) {
            throw new IllegalStateException("the signing key can't sign", e);
        }
        return new Token(token.serialize(), now, properties.lifetime());
    }

    private static Map<String, Object> claim(Access access) {
        return Map.of("type", access.type(), "name", access.name(), "actions", access.actions());
    }

    /** @param certificate PEM file that holds what tokens are checked with */
    public record Trust(String service, String issuer, Path certificate) {}

    record Token(String value, Instant issuedAt, Duration lifetime) {

        @Override
        public String toString() {
            return "Token[" + issuedAt + "]";
        }
    }
}
