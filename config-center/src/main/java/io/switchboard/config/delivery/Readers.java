package io.switchboard.config.delivery;

import io.switchboard.config.access.Identities;
import io.switchboard.config.credential.Keyrings;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.springframework.stereotype.Component;

/** Whether a credential is one that an application has now. */
@Component
class Readers {

    private final Identities identities;
    private final Keyrings keyrings;

    Readers(Identities identities, Keyrings keyrings) {
        this.identities = identities;
        this.keyrings = keyrings;
    }

    boolean has(NamespacePath application, String secret) {
        return keyrings.keyring(application).keys().stream()
                .map(key -> identities.readerSecret(application, key))
                .anyMatch(known -> MessageDigest.isEqual(bytes(known), bytes(secret)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
