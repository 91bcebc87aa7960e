package io.switchboard.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SettingsTests {

    @ParameterizedTest
    @ValueSource(strings = {"", "--config.access.master-secret=too short a secret"})
    void withoutALongSecretNothingStarts(String secret, CapturedOutput output) {
        assertThatException().isThrownBy(() -> start("--config.zookeeper.connect-string=127.0.0.1:1", secret));

        assertThat(output)
                .contains("config.access.master-secret must be set and have at least 32 characters")
                .doesNotContain("too short a secret");
    }

    @Test
    void withoutAnEnsembleNothingStarts(CapturedOutput output) {
        assertThatException().isThrownBy(() -> start("--config.access.master-secret=" + "x".repeat(32)));

        assertThat(output).contains("config.zookeeper").contains("connectString");
    }

    private static void start(String... arguments) {
        ConfigCenterApplication.application()
                .run(Stream.concat(
                                Stream.of(arguments),
                                Stream.of("--server.port=0", "--spring.cloud.zookeeper.enabled=false"))
                        .filter(argument -> !argument.isEmpty())
                        .toArray(String[]::new))
                .close();
    }
}
