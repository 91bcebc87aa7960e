package io.switchboard.standalone.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;

/** Logins under way and refresh tokens, in memory and bounded; after a restart people log in again. */
final class Authorizations implements OAuth2AuthorizationService {

    private final Cache<String, OAuth2Authorization> byId = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofHours(1))
            .maximumSize(10_000)
            .build();

    @Override
    public void save(OAuth2Authorization authorization) {
        // A machine's token stands for itself: nothing will ever ask for it here.
        if (authorization.getRefreshToken() != null
                || !authorization.getPrincipalName().equals(authorization.getRegisteredClientId())) {
            byId.put(authorization.getId(), authorization);
        }
    }

    @Override
    public void remove(OAuth2Authorization authorization) {
        byId.invalidate(authorization.getId());
    }

    @Override
    public @Nullable OAuth2Authorization findById(String id) {
        return byId.getIfPresent(id);
    }

    @Override
    public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType type) {
        return byId.asMap().values().stream()
                .filter(authorization -> holds(authorization, token))
                .findFirst()
                .orElse(null);
    }

    private static boolean holds(OAuth2Authorization authorization, String token) {
        return token.equals(authorization.getAttribute("state")) || authorization.getToken(token) != null;
    }
}
