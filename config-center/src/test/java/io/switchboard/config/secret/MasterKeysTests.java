package io.switchboard.config.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.switchboard.configprotocol.SealingKey;
import io.switchboard.contracts.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeysTests {

    private final SealingKey older = SealingKey.random();
    private final SealingKey newer = SealingKey.random();

    @Test
    void withoutOneNothingIsEncrypted() {
        var none = new MasterKeys(new SecretsProperties(null, null));

        assertThat(none.isEmpty()).isTrue();
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(none::current)
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(SecretProblem.NO_MASTER_KEY));
    }

    @Test
    void theFirstSealsAndAllOpen() {
        var before = new MasterKeys(new SecretsProperties(List.of(older.encoded()), null));
        var sealed = before.current().sealKey("here", SealingKey.random());
        var after = new MasterKeys(new SecretsProperties(List.of(newer.encoded(), older.encoded()), null));

        assertThat(after.current()).isEqualTo(newer);
        assertThat(after.open("here", sealed)).isEqualTo(before.open("here", sealed));
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() ->
                        new MasterKeys(new SecretsProperties(List.of(newer.encoded()), null)).open("here", sealed))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(SecretProblem.MASTER_KEY_MISSING))
                .withMessageContaining(older.id());
    }

    @Test
    void aFileIsReadAgainWithoutARestart(@TempDir Path directory) throws Exception {
        Path file = Files.write(directory.resolve("keys"), List.of(older.encoded()));
        var keys = new MasterKeys(new SecretsProperties(null, file));

        Files.write(file, List.of(newer.encoded(), "", older.encoded()));

        assertThat(keys.current()).isEqualTo(newer);
    }

    @Test
    void whatIsNoKeyStopsTheStartAndIsNotShown() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new MasterKeys(new SecretsProperties(List.of("hunter2!"), null)))
                .withMessageContaining("base64")
                .withMessageNotContaining("hunter2");
        assertThatIllegalStateException()
                .isThrownBy(() -> new MasterKeys(new SecretsProperties(List.of("aHVudGVyMg"), null)))
                .withMessageContaining("32 bytes")
                .withMessageNotContaining("aHVudGVyMg");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SecretsProperties(List.of(older.encoded()), Path.of("keys")));
    }
}
