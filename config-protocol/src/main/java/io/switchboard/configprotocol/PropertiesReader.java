package io.switchboard.configprotocol;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Takes the text of a properties file apart as {@link java.util.Properties} does, and keeps what that drops: comments, and where
 * something is wrong.
 */
final class PropertiesReader {

    private static final String BLANKS = " \t\f";

    private final SortedMap<String, String> items = new TreeMap<>();
    private final SortedMap<String, String> comments = new TreeMap<>();
    private final List<String> lines;
    private final List<String> above = new ArrayList<>();
    private int at;

    private PropertiesReader(String text) {
        this.lines = text.lines().toList();
    }

    /** @throws IllegalArgumentException naming the line, if it is no properties file */
    static PropertiesReader of(String text) {
        var reader = new PropertiesReader(text);
        while (reader.at < reader.lines.size()) {
            reader.readLine();
        }
        return reader;
    }

    SortedMap<String, String> items() {
        return items;
    }

    /** Of those keys that have lines of comment right above them. */
    SortedMap<String, String> comments() {
        return comments;
    }

    private void readLine() {
        String line = withoutIndent(lines.get(at));
        if (line.isEmpty()) {
            above.clear();
            at++;
        } else if (line.charAt(0) == '#' || line.charAt(0) == '!') {
            above.add(line.substring(line.startsWith(" ", 1) ? 2 : 1));
            at++;
        } else {
            readItem();
            above.clear();
        }
    }

    private void readItem() {
        int first = at;
        var item = new StringBuilder();
        boolean more = true;
        while (more && at < lines.size()) {
            String line = withoutIndent(lines.get(at++));
            more = goesOn(line);
            item.append(line, 0, more ? line.length() - 1 : line.length());
            if (item.isEmpty()) {
                // A backslash alone: what follows it may still be a comment.
                return;
            }
        }
        int end = endOfKey(item);
        String key = unescaped(item.substring(0, end), first);
        items.put(key, unescaped(item.substring(startOfValue(item, end)), first));
        String comment = String.join("\n", above);
        if (comment.isBlank()) {
            comments.remove(key);
        } else {
            comments.put(key, CommentRules.withoutControls(comment));
        }
    }

    /** With an odd number of backslashes at its end. */
    private static boolean goesOn(String line) {
        int start = line.length();
        while (start > 0 && line.charAt(start - 1) == '\\') {
            start--;
        }
        return (line.length() - start) % 2 == 1;
    }

    private static String withoutIndent(String line) {
        int start = 0;
        while (start < line.length() && BLANKS.indexOf(line.charAt(start)) >= 0) {
            start++;
        }
        return line.substring(start);
    }

    private static int endOfKey(StringBuilder item) {
        int end = 0;
        while (end < item.length() && "=:".indexOf(item.charAt(end)) < 0 && BLANKS.indexOf(item.charAt(end)) < 0) {
            end += item.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(end, item.length());
    }

    private static int startOfValue(StringBuilder item, int endOfKey) {
        boolean separated = false;
        int start = endOfKey;
        while (start < item.length()) {
            boolean separator = "=:".indexOf(item.charAt(start)) >= 0;
            if (separator ? separated : BLANKS.indexOf(item.charAt(start)) < 0) {
                break;
            }
            separated |= separator;
            start++;
        }
        return start;
    }

    /** @param first index of the item's first line */
    private String unescaped(String text, int first) {
        var unescaped = new StringBuilder(text.length());
        for (int index = 0; index < text.length(); index++) {
            char one = text.charAt(index);
            if (one != '\\' || ++index == text.length()) {
                unescaped.append(one);
                continue;
            }
            one = text.charAt(index);
            switch (one) {
                case 't' -> unescaped.append('\t');
                case 'r' -> unescaped.append('\r');
                case 'n' -> unescaped.append('\n');
                case 'f' -> unescaped.append('\f');
                case 'u' -> {
                    String digits = text.substring(index + 1, Math.min(index + 5, text.length()));
                    if (!digits.matches("[0-9A-Fa-f]{4}")) {
                        throw wrongEscape(first);
                    }
                    unescaped.append((char) Integer.parseInt(digits, 16));
                    index += 4;
                }
                default -> unescaped.append(one);
            }
        }
        return unescaped.toString();
    }

    private IllegalArgumentException wrongEscape(int first) {
        int number = first;
        // Of several lines the one with the escape, unless that is spread over two.
        while (number < at - 1 && !lines.get(number).matches(".*\\\\u(?![0-9A-Fa-f]{4}).*")) {
            number++;
        }
        return new IllegalArgumentException("line " + (number + 1)
                + ": after \\u come four hexadecimal digits, as in \\u00e4; for a backslash write two");
    }
}
