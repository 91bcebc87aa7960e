package io.switchboard.scheduling.task;

import io.switchboard.scheduling.deployment.Revision;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the scheduler shows the tasks of a revision, so that they know it from everybody else who reaches their ports.
 * Each revision has its own: HMAC-SHA-256 (RFC 2104) of its workload's name, under a key that all schedulers of one
 * database share.
 */
public final class TaskSecrets {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /** @param key at least 16 bytes that nobody can guess */
    public TaskSecrets(byte[] key) {
        if (key.length < 16) {
            throw new IllegalArgumentException("a key needs at least 16 bytes but has " + key.length);
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** In 43 characters that need no quoting; empty for tasks that were started before there were secrets. */
    public Optional<String> of(Revision revision) {
        return revision.secret() ? Optional.of(derived(revision.workload())) : Optional.empty();
    }

    private String derived(String workload) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(workload.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
