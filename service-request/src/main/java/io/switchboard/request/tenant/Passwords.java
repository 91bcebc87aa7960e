package io.switchboard.request.tenant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Stores what people remember: BCrypt over a SHA-256 of the password, because BCrypt itself looks at 72 bytes only. Each
 * hash names its method, so that another can follow.
 */
@Component
final class Passwords {

    private static final String METHOD = "bcrypt-sha256";

    private final PasswordEncoder encoder =
            new DelegatingPasswordEncoder(METHOD, Map.of(METHOD, new BCryptPasswordEncoder()));
    /** Of a password nobody has; compared where there is no user, so that the answer takes as long. */
    private final String nobodys = hash("nobody has this password");

    String hash(String password) {
        return String.valueOf(encoder.encode(digested(password)));
    }

    /** @param hash null if there is no such user */
    boolean matches(String password, @Nullable String hash) {
        boolean same = encoder.matches(digested(password), hash == null ? nobodys : hash);
        return same && hash != null;
    }

    private static String digested(String password) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
