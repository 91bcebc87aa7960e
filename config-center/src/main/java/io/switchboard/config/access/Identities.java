package io.switchboard.config.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.springframework.stereotype.Component;

/**
 * Digest identities and the rights they get. Secrets are derived, never stored: HMAC-SHA256 of the identity's name
 * under the master secret, so that the same reader key of an application always gets the same credential.
 */
@Component
public class Identities {

    private static final String CENTER = "switchboard-config-center";

    private final SecretKeySpec master;

    /** Asked for with each node that is made, and always the same. */
    private final String centerId;

    /** Likewise, by the credential's name and the key's salt. */
    private final Cache<List<String>, String> readerIds =
            Caffeine.newBuilder().maximumSize(10_000).executor(Runnable::run).build();

    Identities(AccessProperties properties) {
        master = new SecretKeySpec(properties.masterSecret().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        centerId = digest(centerCredential());
    }

    /** {@code user:secret} of the center itself. */
    public String centerCredential() {
        return CENTER + ":" + secret("center", CENTER);
    }

    /** A tenant's name has no dots, so that no two applications share a user. */
    public String readerUser(NamespacePath path) {
        return path.tenant() + "." + path.application();
    }

    public String readerSecret(NamespacePath path, ReaderKeys.Key key) {
        String salt = key.salt().isEmpty() ? "" : "\n" + key.salt();
        return secret("reader", readerUser(path) + salt);
    }

    /** The center's id as it stands in an ACL; readers need it for the nodes that they create. */
    public String centerId() {
        return centerId;
    }

    /** A reader's id as it stands in the rights of what it made. */
    public String readerId(NamespacePath path, ReaderKeys.Key key) {
        String user = readerUser(path);
        return readerIds.get(List.of(user, key.salt()), of -> digest(user + ":" + readerSecret(path, key)));
    }

    /** Nobody but the center. */
    public List<ACL> centerOnly() {
        return List.of(new ACL(Perms.ALL, new Id("digest", centerId)));
    }

    /** All may look and put something beside us, for example other services; nobody may remove or alter. */
    public List<ACL> sharedParent() {
        return List.of(
                new ACL(Perms.ALL, new Id("digest", centerId)),
                new ACL(Perms.READ | Perms.CREATE, Ids.ANYONE_ID_UNSAFE));
    }

    /** The center, and the application's readers for reading. */
    public List<ACL> readable(NamespacePath path, ReaderKeys keys) {
        return withReaders(path, keys, Perms.READ);
    }

    /** As {@link #readable}; readers may also put nodes of their own below. */
    public List<ACL> reportable(NamespacePath path, ReaderKeys keys) {
        return withReaders(path, keys, Perms.READ | Perms.CREATE);
    }

    private List<ACL> withReaders(NamespacePath path, ReaderKeys keys, int permissions) {
        List<ACL> rights = new ArrayList<>(centerOnly());
        for (ReaderKeys.Key key : keys.keys()) {
            rights.add(new ACL(permissions, new Id("digest", readerId(path, key))));
        }
        return rights;
    }

    private String secret(String kind, String name) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(master);
            byte[] secret = mac.doFinal((kind + "\n" + name).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    private static String digest(String credential) {
        try {
            return DigestAuthenticationProvider.generateDigest(credential);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-1", e);
        }
    }
}
