package io.switchboard.configprotocol;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Items as the text of a properties file, always the same text for the same items: ordered by key, no date, and a line for
 * each line of a value, so that version control shows what changed.
 */
public final class PropertiesText {

    private PropertiesText() {}

    public static String of(SortedMap<String, String> items) {
        var text = new StringBuilder();
        // The config center takes no key that would need more than that.
        for (Map.Entry<String, String> item : items.entrySet()) {
            text.append(item.getKey())
                    .append('=')
                    .append(value(item.getValue()))
                    .append('\n');
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

    /** @throws IllegalArgumentException if it is no properties file */
    public static SortedMap<String, String> read(String text) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var items = new TreeMap<String, String>();
        properties.forEach((key, value) -> items.put(key.toString(), value.toString()));
        return items;
    }
}
