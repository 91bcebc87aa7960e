package io.switchboard.starter.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;

class RememberingJwtDecoderTests {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private final AtomicInteger checks = new AtomicInteger();
    private final RememberingJwtDecoder decoder = new RememberingJwtDecoder(
            token -> {
                checks.incrementAndGet();
                if (token.equals("forged")) {
                    throw new BadJwtException("forged");
                }
                if (token.equals("early")) {
                    throw new JwtDecoderInitializationException("early", new IllegalStateException());
                }
                return jwt(token, NOW.plusSeconds(900));
            },
            Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void aValidTokenIsCheckedOnce() {
        decoder.decode("good");
        decoder.decode("good");

        assertThat(checks).hasValue(1);
    }

    @Test
    void aForgedTokenIsRefusedEveryTime() {
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode("forged"));
        }
        assertThat(checks).hasValue(2);
    }

    @Test
    void aTokenBeforeTheIssuerIsThereIsNotWrong() {
        assertThatExceptionOfType(JwtException.class)
                .isThrownBy(() -> decoder.decode("early"))
                .isNotInstanceOf(BadJwtException.class);
    }

    @Test
    void nothingIsRememberedBeyondItsEnd() {
        assertThat(RememberingJwtDecoder.life(jwt("long", NOW.plusSeconds(900)), NOW))
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(RememberingJwtDecoder.life(jwt("short", NOW.plusSeconds(7)), NOW))
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(RememberingJwtDecoder.life(jwt("ended", NOW.minusSeconds(7)), NOW))
                .isZero();
    }

    private static Jwt jwt(String token, Instant end) {
        return Jwt.withTokenValue(token)
                .header("alg", "none")
                .issuedAt(end.minusSeconds(900))
                .expiresAt(end)
                .subject("someone")
                .build();
    }
}
