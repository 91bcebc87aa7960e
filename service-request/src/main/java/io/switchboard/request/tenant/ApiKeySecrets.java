package io.switchboard.request.tenant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Secrets that machines keep. They are as random as a key can be, so one round of SHA-256 is enough to store them by, and
 * checking one is cheap.
 */
final class ApiKeySecrets {

    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 10;

    private final SecureRandom random = new SecureRandom();

    String newId() {
        return "sbk-" + HexFormat.of().formatHex(bytes(ID_BYTES));
    }

    String newSecret() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(SECRET_BYTES));
    }

    static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
