package io.switchboard.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTests {

    @TempDir
    Path directory;

    @Test
    void aFirstStartMakesThemAndALaterOneKeepsThem() throws Exception {
        var file = directory.resolve("state/secrets.properties");

        var first = Secrets.in(file, "one", "two");
        var second = Secrets.in(file, "one", "two");

        assertThat(second.get("one")).isEqualTo(first.get("one")).hasSize(43).isNotEqualTo(first.get("two"));
    }

    @Test
    void onlyTheOwnerReadsThem() throws Exception {
        var file = directory.resolve("secrets.properties");
        Secrets.in(file, "one");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aLaterVersionAddsWhatItNeeds() throws Exception {
        var file = directory.resolve("secrets.properties");
        var old = Secrets.in(file, "one");

        var grown = Secrets.in(file, "one", "new");

        assertThat(grown.get("one")).isEqualTo(old.get("one"));
        assertThat(Secrets.in(file, "one", "new").get("new")).isEqualTo(grown.get("new"));
    }

    @Test
    void textForPeopleHoldsNone() throws Exception {
        var secrets = Secrets.in(directory.resolve("secrets.properties"), "one");

        assertThat(secrets.toString()).doesNotContain(secrets.get("one"));
    }
}
