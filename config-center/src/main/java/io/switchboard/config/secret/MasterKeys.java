package io.switchboard.config.secret;

import io.switchboard.configprotocol.CannotOpen;
import io.switchboard.configprotocol.Sealed;
import io.switchboard.configprotocol.SealingKey;
import io.switchboard.contracts.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** The center's master keys, the one to seal with first. */
@Component
class MasterKeys {

    private final SecretsProperties properties;

    /** Fails at the start if what is set is no key. */
    MasterKeys(SecretsProperties properties) {
        this.properties = properties;
        all();
    }

    boolean isEmpty() {
        return all().isEmpty();
    }

    /** @throws Problem {@link SecretProblem#NO_MASTER_KEY} */
    SealingKey current() {
        return all().stream()
                .findFirst()
                .orElseThrow(() -> new Problem(
                        SecretProblem.NO_MASTER_KEY, "This config center has no master key for encrypted items."));
    }

    /** @throws Problem {@link SecretProblem#MASTER_KEY_MISSING} if the one that it was sealed with is not among them */
    SealingKey open(String context, Sealed sealed) {
        SealingKey master = all().stream()
                .filter(key -> key.id().equals(sealed.keyId()))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        SecretProblem.MASTER_KEY_MISSING,
                        "Keys are sealed with master key " + sealed.keyId()
                                + ", which this config center does not have."));
        try {
            return master.openKey(context, sealed);
        } catch (CannotOpen e) {
            throw new IllegalStateException("The " + context + " can't be opened: " + e.getMessage());
        }
    }

    private List<SealingKey> all() {
        Path file = properties.masterKeyFile();
        try {
            List<String> lines = file == null
                    ? Objects.requireNonNullElse(properties.masterKeys(), List.of())
                    : Files.readAllLines(file);
            return lines.stream()
                    .filter(line -> !line.isBlank())
                    .map(SealingKey::parse)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("The file of master keys can't be read: " + file, e);
        } catch (IllegalArgumentException e) {
            // Without the cause, which stays within the one that knows what must not be shown.
            throw new IllegalStateException("A master key of config.secrets is none: " + e.getMessage());
        }
    }
}
