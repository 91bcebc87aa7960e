package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseKeysTests {

    @Test
    void leavesOfYamlAreNamedAsInAnApplicationsOwnFile() throws Exception {
        assertThat(
                        keys(
                                "menu.yaml",
                                "menu:\n  entries:\n    - key: 1\n      text: Sales\n    - key: 2\n  open: true\n  \"[a/b]\": x\nsince: 2026-01-02\n"))
                .isEqualTo(Map.of(
                        "menu.entries[0].key",
                        1,
                        "menu.entries[0].text",
                        "Sales",
                        "menu.entries[1].key",
                        2,
                        "menu.open",
                        true,
                        "menu[a/b]",
                        "x",
                        "since",
                        "2026-01-02"));
    }

    @Test
    void leavesOfJsonAreNamedTheSame() throws Exception {
        assertThat(
                        keys(
                                "menu.json",
                                "{\t\"menu\": {\"entries\": [{\"key\": 1, \"text\": \"S\\u00e4\\n\\/\"}, {\"key\": -2.5e1}],\n"
                                        + "\t\"open\": false, \"none\": null, \"list\": [], \"map\": {}, \"long\": 123456789012345678901}}\r\n"))
                .isEqualTo(Map.of(
                        "menu.entries[0].key",
                        1L,
                        "menu.entries[0].text",
                        "S\u00e4\n/",
                        "menu.entries[1].key",
                        -25.0,
                        "menu.open",
                        false,
                        "menu.list",
                        "",
                        "menu.long",
                        "123456789012345678901"));
    }

    @Test
    void aTextIsOneKey() throws Exception {
        assertThat(keys("notes.txt", "Hello\nworld")).isEqualTo(Map.of("notes.txt", "Hello\nworld"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"menu.yaml", "menu.json", "notes.txt"})
    void aDocumentThatWasTakenAwayHasNoKeys(String namespace) throws Exception {
        assertThat(ReleaseKeys.of(release(namespace, Map.of()), Optional.empty()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "menu.yaml => hunter2 => mapping",
                "menu.yaml => [hunter2] => mapping",
                "menu.yaml => a: !!java.net.URL [hunter2] => line 1, column 4",
                "menu.yaml => 'a: 1\nb: [hunter2\n' => line 3, column 1",
                "menu.yaml => 'a: 1\na: hunter2' => line 2, column 1",
                "menu.yaml => 'a: 1\n---\na: hunter2' => line 2",
                "menu.json => [\"hunter2\"] => object",
                "menu.json => '{\"a\": 1,\n \"hunter2\"}' => line 2, column 11",
                "menu.json => '{\"a\": 1, \"a\": \"hunter2\"}' => line 1, column 10",
                "menu.json => '{\"a\": 1,}' => line 1, column 9",
                "menu.json => '{\"a\": 01}' => line 1, column 8",
                "menu.json => '{\"a\": \"hunter2\n\"}' => line 1",
                "menu.json => '{\"a\": \"\\x\"}' => line 1, column 9",
                "menu.json => '{\"a\": 1} hunter2' => line 1, column 10",
                "menu.json => '{\"a\": ' => line 1, column 7",
                "menu.json => a: hunter2 => line 1, column 1",
            })
    void aBrokenDocumentIsRefusedByItsPlace(String namespace, String document, String place) {
        assertThatExceptionOfType(Unfit.class)
                .isThrownBy(() -> keys(namespace, document))
                .satisfies(
                        refusal -> assertThat(refusal).message().contains(place).doesNotContain("hunter2"));
    }

    @Test
    void howeverDeepADocumentIsItEndsInARefusal() {
        for (String namespace : List.of("menu.yaml", "menu.json")) {
            assertThatExceptionOfType(Unfit.class).isThrownBy(() -> keys(namespace, "{\"a\": " + "[".repeat(50_000)));
        }
    }

    private static Map<String, Object> keys(String namespace, String document) throws Exception {
        return ReleaseKeys.of(release(namespace, Map.of("content", document)), Optional.empty());
    }

    private static Release release(String namespace, Map<String, String> items) {
        return new Release(
                new NamespacePath("acme", "desk", "prod", namespace),
                1,
                "ann",
                "",
                Instant.EPOCH,
                Items.of(items),
                OptionalLong.empty());
    }
}
