package io.switchboard.config.secret;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The master keys, which seal all other keys of encrypted items. Without any, the center keeps no encrypted items.
 *
 * @param masterKeys 32 random bytes each, as base64; the first seals, the others only open what they sealed before
 * @param masterKeyFile has one such key a line, and is read whenever one is needed; instead of {@code masterKeys}
 */
@ConfigurationProperties("config.secrets")
record SecretsProperties(
        @Nullable List<String> masterKeys, @Nullable Path masterKeyFile) {

    SecretsProperties {
        if (masterKeys != null && !masterKeys.isEmpty() && masterKeyFile != null) {
            throw new IllegalArgumentException(
                    "set config.secrets.master-keys or config.secrets.master-key-file, not both");
        }
    }

    @Override
    public String toString() {
        return "SecretsProperties[]";
    }
}
