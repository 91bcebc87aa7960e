package io.switchboard.image.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Credentials that can pull one repository. The secret follows from the repository and a key of ours, so it is the
 * same every time, nothing is stored, and an engine may keep it as long as it runs the image.
 */
public class PullCredentials {

    private static final String PREFIX = "pull/";

    private final SecretKeySpec key;

    PullCredentials(String hexKey) {
        this.key = new SecretKeySpec(HexFormat.of().parseHex(hexKey), "HmacSHA256");
    }

    public String user(String repository) {
        return PREFIX + repository;
    }

    public String secret(String repository) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(user(repository).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean issued(String user) {
        return user.startsWith(PREFIX);
    }

    Optional<Holder> verify(String user, String secret) {
        var repository = user.substring(PREFIX.length());
        boolean same = MessageDigest.isEqual(
                secret(repository).getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
        return same ? Optional.of(new Holder.Puller(repository)) : Optional.empty();
    }
}
