package io.switchboard.configprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PropertiesTextTests {

    @Test
    void aFileIsOrderedAndHasALineForEachLineOfAValue() {
        var items = new TreeMap<>(Map.of("b", "one\n  two\n", "a", " x=1 # \\", "c", ""));

        assertThat(PropertiesText.of(items, Map.of())).isEqualTo("a=\\ x=1 # \\\\\nb=one\\n\\\n    \\  two\\n\nc=\n");
    }

    @Test
    void aCommentStandsAboveItsKey() {
        var items = new TreeMap<>(Map.of("a", "1", "b", "2"));

        assertThat(PropertiesText.of(items, Map.of("b", "In seconds.\n\n  At most 60.")))
                .isEqualTo("a=1\n# In seconds.\n#\n#   At most 60.\nb=2\n");
    }

    @Test
    void whateverIsWrittenIsReadBack() {
        var random = new Random(11);
        int[] points =
                "ab =:#!\\\n\r\t\f\u0000\u007fä你\ud83d\ude00'\"".codePoints().toArray();
        int[] inComments = "ab =:#!\\\nä你\ud83d\ude00'\"".codePoints().toArray();
        for (int run = 0; run < 2_000; run++) {
            var items = new TreeMap<String, String>();
            var comments = new TreeMap<String, String>();
            for (int item = 0; item < 4; item++) {
                String key = "key[" + item + "].a-b_c";
                items.put(key, text(random, points));
                String comment = text(random, inComments);
                if (!comment.isBlank()) {
                    comments.put(key, comment);
                }
            }

            var read = PropertiesReader.of(PropertiesText.of(items, comments));

            assertThat(read.items()).isEqualTo(items);
            assertThat(read.comments()).isEqualTo(comments);
        }
    }

    private static String text(Random random, int[] points) {
        var text = new StringBuilder();
        random.ints(random.nextInt(12), 0, points.length).forEach(at -> text.appendCodePoint(points[at]));
        return text.toString();
    }

    @Test
    void anyTextIsReadAsJavaReadsIt() throws Exception {
        var random = new Random(12);
        int[] points = "ab =:#!\\\\\n\n\r\t\f\u000b\u0085ätrnf".codePoints().toArray();
        for (int run = 0; run < 20_000; run++) {
            // Where a text ends within an item, Java adds one without a key.
            String text = text(random, points) + text(random, points) + text(random, points) + "\n\n";
            var properties = new Properties();
            properties.load(new StringReader(text));

            assertThat(PropertiesReader.of(text).items())
                    .as(text)
                    .isEqualTo(properties.entrySet().stream()
                            .collect(Collectors.toMap(
                                    item -> item.getKey().toString(),
                                    item -> item.getValue().toString(),
                                    (one, other) -> other,
                                    TreeMap::new)));
        }
    }

    @Test
    void aCommentBelongsToTheKeyRightBelowIt() {
        var read = PropertiesReader.of("""
                # Of the whole file.

                ! In seconds.
                  #	Not minutes.
                max-wait=30
                greeting=Hello \\
                # no comment
                # Gone.
                twice=1
                twice=2
                # Of nothing.
                """);

        assertThat(read.comments()).isEqualTo(Map.of("max-wait", "In seconds.\n Not minutes."));
        assertThat(read.items()).containsEntry("greeting", "Hello # no comment").containsEntry("twice", "2");
    }

    @ParameterizedTest
    @CsvSource({
        "a=1|b=\\uZZZZ, 2",
        "# \\uZZZZ|a=1|b=x\\|  y\\|  \\u00g1\\|  z, 5",
        "\\u12=1, 1",
        "a=\\u12, 1",
    })
    void aWrongEscapeIsToldWithItsLine(String text, int line) {
        assertThatThrownBy(() -> PropertiesReader.of(text.replace('|', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("line " + line
                        + ": after \\u come four hexadecimal digits, as in \\u00e4; for a backslash write two");
    }
}
