package io.switchboard.starter.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;

/**
 * Verifies a token once and remembers it for a minute, or to its end if that is sooner. Checking the signature again for
 * each of a client's requests was a fifth of the CPU that an accepted order costs over HTTP. What isn't valid is never
 * remembered.
 */
final class RememberingJwtDecoder implements JwtDecoder {

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MOST = 10_000;

    private final JwtDecoder decoder;
    private final Cache<String, Jwt> verified;

    RememberingJwtDecoder(JwtDecoder decoder, Clock clock) {
        this.decoder = decoder;
        this.verified = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfter(Expiry.<String, Jwt>creating((token, jwt) -> life(jwt, clock.instant())))
                .build();
    }

    @Override
    public Jwt decode(String token) throws JwtException {
        var known = verified.getIfPresent(token);
        if (known != null) {
            return known;
        }
        try {
            var jwt = decoder.decode(token);
            verified.put(token, jwt);
            return jwt;
        } catch (JwtDecoderInitializationException e) {
            // The issuer was asked for its keys for the first time; Spring knows only the other for "not now".
            throw new JwtException("the issuer gave no keys", e);
        }
    }

    static Duration life(Jwt jwt, Instant now) {
        var end = jwt.getExpiresAt();
        if (end == null || !end.isBefore(now.plus(LONGEST))) {
            return LONGEST;
        }
        var left = Duration.between(now, end);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
