package io.switchboard.config.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.access.ReaderKeys.Key;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class KeyringTests {

    private static final Instant AT = Instant.parse("2026-03-02T09:00:00Z");

    @Test
    void anEarlierCentersKeyringIsReadAndWrittenBack() throws Exception {
        var json = new JsonMapper();
        Keyring earlier = json.readValue("""
                {"keys":[{"id":"first","salt":"","issuedAt":"1970-01-01T00:00:00Z","issuedBy":"","given":true,
                 "retiresAt":null}],"workloads":{}}
                """, Keyring.class);

        assertThat(earlier).isEqualTo(Keyring.FIRST);
        assertThat(json.readValue(json.writeValueAsBytes(earlier), Keyring.class))
                .isEqualTo(earlier);
    }

    @Test
    void theLastHundredThatRetiredAreKnown() {
        Keyring keyring = Keyring.FIRST;
        for (int number = 1; number <= 101; number++) {
            keyring = keyring.with(new Key("k-" + number, "s-" + number, AT, "ann", true, null));
            keyring = keyring.without(number == 1 ? "first" : "k-" + (number - 1));
        }

        assertThat(keyring.keys()).extracting(Key::id).containsExactly("k-101");
        assertThat(keyring.retired()).hasSize(100).startsWith("k-1").endsWith("k-100");
        assertThat(keyring.without("k-7")).isEqualTo(keyring);
    }

    @Test
    void whoseTimeHasComeIsRetired() {
        var old = new Key("old", "o", AT, "ann", true, AT);
        var next = new Key("next", "n", AT, "ann", true, null);

        Keyring keyring = new Keyring(List.of(next, old), Map.of(), List.of()).withoutDue(AT);

        assertThat(keyring.retired()).containsExactly("old");
    }
}
