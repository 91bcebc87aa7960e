package io.switchboard.configprotocol;

import java.util.Map;
import java.util.SortedMap;

/**
 * Items as the text of a properties file, always the same text for the same items: ordered by key, no date, and a line for
 * each line of a value, so that version control shows what changed.
 */
public final class PropertiesText {

    private PropertiesText() {}

    /** @param comments of some of the keys; each stands right above its key */
    public static String of(SortedMap<String, String> items, Map<String, String> comments) {
        var text = new StringBuilder();
        // The config center takes no key that would need more than that.
        for (Map.Entry<String, String> item : items.entrySet()) {
            String comment = comments.getOrDefault(item.getKey(), "");
            if (!comment.isEmpty()) {
                text.append(comment(comment));
            }
            text.append(item.getKey())
                    .append('=')
                    .append(value(item.getValue()))
                    .append('\n');
        }
        return text.toString();
    }

    /** Lines of comment, each with its end. */
    public static String comment(String comment) {
        var text = new StringBuilder();
        for (String line : comment.split("\n", -1)) {
            text.append(line.isEmpty() ? "#" : "# ").append(line).append('\n');
        }
        return text.toString();
    }

    /** A value as it stands behind the key. */
    public static String value(String value) {
        var text = new StringBuilder();
        boolean start = true;
        for (int index = 0; index < value.length(); index++) {
            char one = value.charAt(index);
            if (one == '\n') {
                boolean last = index == value.length() - 1;
                text.append(last ? "\\n" : "\\n\\\n    ");
                start = true;
                continue;
            }
            switch (one) {
                case '\\' -> text.append("\\\\");
                case ' ' -> text.append(start ? "\\ " : " ");
                default -> {
                    if (one < ' ' || one == 0x7f) {
                        text.append(String.format("\\u%04x", (int) one));
                    } else {
                        text.append(one);
                    }
                }
            }
            start = false;
        }
        return text.toString();
    }
}
