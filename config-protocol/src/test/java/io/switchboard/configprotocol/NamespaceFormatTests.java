package io.switchboard.configprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespaceFormatTests {

    @ParameterizedTest
    @CsvSource({
        "application, PROPERTIES",
        "routing.eu, PROPERTIES",
        "yaml, PROPERTIES",
        "menu.yaml, YAML",
        "menu.yml, YAML",
        "menu.v2.json, JSON",
        "notes.txt, TEXT",
        "notes.txt.old, PROPERTIES"
    })
    void theNameTellsWhatANamespaceHolds(String namespace, Format format) {
        assertThat(Format.of(namespace)).isEqualTo(format);
    }
}
