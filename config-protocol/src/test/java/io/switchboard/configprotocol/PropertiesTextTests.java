package io.switchboard.configprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PropertiesTextTests {

    @Test
    void aFileIsOrderedAndHasALineForEachLineOfAValue() {
        var items = new TreeMap<>(Map.of("b", "one\n  two\n", "a", " x=1 # \\", "c", ""));

        assertThat(PropertiesText.of(items)).isEqualTo("a=\\ x=1 # \\\\\nb=one\\n\\\n    \\  two\\n\nc=\n");
    }

    @Test
    void whateverIsWrittenIsReadBack() {
        var random = new Random(11);
        String letters = "ab =:#!\\\n\r\t\f\u0000\u007fä你\ud83d\ude00'\"";
        int[] points = letters.codePoints().toArray();
        for (int run = 0; run < 2_000; run++) {
            var items = new TreeMap<String, String>();
            for (int item = 0; item < 4; item++) {
                var value = new StringBuilder();
                random.ints(random.nextInt(12), 0, points.length).forEach(at -> value.appendCodePoint(points[at]));
                items.put("key[" + item + "].a-b_c", value.toString());
            }

            assertThat(PropertiesText.read(PropertiesText.of(items))).isEqualTo(items);
        }
    }
}
