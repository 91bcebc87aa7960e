package io.switchboard.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class MessagesTests {

    @Test
    void chineseSaysAllThatEnglishSays() throws IOException {
        assertThat(keys("/messages_zh.properties")).isEqualTo(keys("/messages.properties"));
    }

    private static Object keys(String file) throws IOException {
        Properties words = new Properties();
        try (InputStream stream = Objects.requireNonNull(MessagesTests.class.getResourceAsStream(file))) {
            words.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
        }
        return words.stringPropertyNames();
    }
}
