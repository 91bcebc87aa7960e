package io.switchboard.config.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.Items;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DraftTests {

    /** As centers stored it before there were comments. */
    private static final String WITHOUT_COMMENTS =
            "U0JEUgEAAABTU0JJVAEAAAAmAAAAJgAAAAhhdHRlbXB0cwAAAAEzAAAACGdyZWV0aW5nAAAABUhlbGxvLpLCHkHw0tO0he5bmfVEZepVI+QP"
                    + "SWdpLjnJxOpH1rZTQklUAQAAABMAAAATAAAACGdyZWV0aW5nAAAAA2FublwTpENvoKKZBF8XE8q11YBgRltokCQZlG7GRD4d"
                    + "KEQA";

    /** As they stored it before there were authors. */
    private static final String ITEMS_ALONE =
            "U0JJVAEAAAAVAAAAFQAAAAhncmVldGluZwAAAAVIZWxsb0/diQ5118m4iKgoBLkupYNn06vxTJlDEI/ocg7EJyyA";

    private static final Draft COMMENTED = new Draft(
            new Content(
                    Items.of(Map.of("attempts", "3", "greeting", "Hello")),
                    new Comments(new TreeMap<>(Map.of("attempts", "Per call.\nÄ")))),
            Items.of(Map.of("greeting", "ann")));

    @Test
    void whatWasStoredBeforeThereWereCommentsIsReadAndStoredAsItWas() throws Exception {
        Draft draft = Draft.decode(Base64.getDecoder().decode(WITHOUT_COMMENTS));

        assertThat(draft.items().values()).isEqualTo(Map.of("attempts", "3", "greeting", "Hello"));
        assertThat(draft.authors().values()).isEqualTo(Map.of("greeting", "ann"));
        assertThat(draft.content().comments()).isEqualTo(Comments.NONE);
        assertThat(Base64.getEncoder().encodeToString(draft.encode())).isEqualTo(WITHOUT_COMMENTS);
    }

    @Test
    void whatWasStoredBeforeThereWereAuthorsIsRead() throws Exception {
        Draft draft = Draft.decode(Base64.getDecoder().decode(ITEMS_ALONE));

        assertThat(draft.items().values()).isEqualTo(Map.of("greeting", "Hello"));
        assertThat(draft.authors()).isEqualTo(Items.NONE);
    }

    @Test
    void commentsAreReadBack() throws Exception {
        assertThat(Draft.decode(COMMENTED.encode())).isEqualTo(COMMENTED);
    }

    @Test
    void aByteThatIsAnotherIsFoundWhereverItIs() {
        byte[] encoded = COMMENTED.encode();
        for (int at = 0; at < encoded.length; at++) {
            byte[] damaged = encoded.clone();
            damaged[at] ^= 0x40;
            assertThatThrownBy(() -> Draft.decode(damaged)).as("byte " + at).isInstanceOf(DamagedContent.class);
        }
        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThatThrownBy(() -> Draft.decode(cut)).as(length + " bytes").isInstanceOf(DamagedContent.class);
        }
    }
}
