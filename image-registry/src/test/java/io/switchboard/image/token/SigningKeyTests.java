package io.switchboard.image.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTests {

    @Test
    void theKeyIsMadeOnceAndOnlyItsOwnerReadsIt(@TempDir Path directory) throws Exception {
        var made = SigningKey.in(directory.resolve("token"), "switchboard", Clock.systemUTC());
        var read = SigningKey.in(directory.resolve("token"), "switchboard", Clock.systemUTC());

        assertThat(read).isEqualTo(made);
        made.certificate().verify(made.certificate().getPublicKey());
        made.certificate().checkValidity();
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("token/signing-key.pem"))))
                .isEqualTo("rw-------");
        assertThat(made.toString()).doesNotContain("PRIVATE").doesNotContain("Key[RSA");
    }

    @Test
    void aKeyWithoutItsCertificateIsNotReplacedSilently(@TempDir Path directory) throws Exception {
        SigningKey.in(directory, "switchboard", Clock.systemUTC());
        Files.delete(directory.resolve("signing-certificate.pem"));

        assertThatThrownBy(() -> SigningKey.in(directory, "switchboard", Clock.systemUTC()))
                .hasMessageContaining("signing-certificate.pem");
    }
}
