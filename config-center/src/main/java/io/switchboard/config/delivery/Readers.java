package io.switchboard.config.delivery;

import io.switchboard.config.access.Identities;
import io.switchboard.config.access.ReaderKeys;
import io.switchboard.config.credential.KeyUses;
import io.switchboard.config.credential.Keyring;
import io.switchboard.config.credential.Keyrings;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Whether a credential is one that an application has now. */
@Component
class Readers {

    private final Identities identities;
    private final Keyrings keyrings;
    private final KeyUses uses;

    Readers(Identities identities, Keyrings keyrings, KeyUses uses) {
        this.identities = identities;
        this.keyrings = keyrings;
        this.uses = uses;
    }

    boolean has(NamespacePath application, String secret) {
        Keyring keyring = keyrings.keyring(application);
        Optional<ReaderKeys.Key> used = keyring.keys().stream()
                .filter(key -> MessageDigest.isEqual(bytes(identities.readerSecret(application, key)), bytes(secret)))
                .findFirst();
        used.ifPresent(key -> uses.overHttp(application, keyring, key));
        return used.isPresent();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
