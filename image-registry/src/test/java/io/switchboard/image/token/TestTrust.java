package io.switchboard.image.token;

import java.nio.file.Path;
import java.time.Clock;

/** A certificate that a registry starts with, without the rest of this service. */
public final class TestTrust {

    private TestTrust() {}

    public static RegistryTokens.Trust in(Path directory) {
        var key = SigningKey.in(directory, "issuer", Clock.systemUTC());
        return new RegistryTokens.Trust("registry", "issuer", key.certificateFile());
    }
}
