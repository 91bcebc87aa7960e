package io.switchboard.configclient.autoconfigure;

import io.switchboard.configprotocol.JsonKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as RFC 8259 has it, names at most once. Of our own, as there may be no library for it in an application, and Spring
 * Boot's way out without one takes much for JSON that is none.
 */
final class JsonLeaves {

    private static final int DEEPEST = 100;

    private final String text;
    private int at;

    private JsonLeaves(String text) {
        this.text = text;
    }

    /**
     * What stands in the object, by {@link JsonKeys}.
     *
     * @throws Unfit if the text is anything else than one object; the message tells the place
     */
    static SortedMap<String, Object> of(String text) throws Unfit {
        var reader = new JsonLeaves(text);
        Object root = reader.value(0);
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.wrong();
        }
        if (!(root instanceof Map<?, ?> object)) {
            throw new Unfit("its JSON document is no object");
        }
        return JsonKeys.of(object);
    }

    private @Nullable Object value(int depth) throws Unfit {
        skipSpace();
        if (depth > DEEPEST) {
            throw wrong();
        }
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object(int depth) throws Unfit {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        at++;
        if (takes('}')) {
            return object;
        }
        do {
            skipSpace();
            int began = at;
            String name = string();
            if (object.containsKey(name)) {
                at = began;
                throw wrong();
            }
            expect(':');
            object.put(name, value(depth + 1));
        } while (takes(','));
        expect('}');
        return object;
    }

    private List<@Nullable Object> array(int depth) throws Unfit {
        List<@Nullable Object> array = new ArrayList<>();
        at++;
        if (takes(']')) {
            return array;
        }
        do {
            array.add(value(depth + 1));
        } while (takes(','));
        expect(']');
        return array;
    }

    private String string() throws Unfit {
        if (peek() != '"') {
            throw wrong();
        }
        var string = new StringBuilder();
        for (at++; peek() != '"'; at++) {
            if (peek() < ' ') {
                throw wrong();
            }
            string.append(peek() == '\\' ? escaped() : peek());
        }
        at++;
        return string.toString();
    }

    private char escaped() throws Unfit {
        at++;
        return switch (peek()) {
            case '"', '\\', '/' -> peek();
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong();
        };
    }

    private char unicode() throws Unfit {
        int code = 0;
        for (int digit = 0; digit < 4; digit++) {
            at++;
            int value = peek() < 128 ? Character.digit(peek(), 16) : -1;
            if (value < 0) {
                throw wrong();
            }
            code = 16 * code + value;
        }
        return (char) code;
    }

    private @Nullable Object literal(String literal, @Nullable Object value) throws Unfit {
        if (!text.startsWith(literal, at)) {
            throw wrong();
        }
        at += literal.length();
        return value;
    }

    private Object number() throws Unfit {
        int began = at;
        skip('-');
        if (!skip('0')) {
            digits();
        }
        boolean whole = true;
        if (skip('.')) {
            whole = false;
            digits();
        }
        if (skip('e') || skip('E')) {
            whole = false;
            if (!skip('+')) {
                skip('-');
            }
            digits();
        }
        String number = text.substring(began, at);
        if (!whole) {
            return Double.valueOf(number);
        }
        try {
            return Long.valueOf(number);
        } catch (NumberFormatException e) {
            return number;
        }
    }

    private void digits() throws Unfit {
        int began = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == began) {
            throw wrong();
        }
    }

    private boolean skip(char expected) {
        boolean there = at < text.length() && text.charAt(at) == expected;
        if (there) {
            at++;
        }
        return there;
    }

    private boolean takes(char expected) {
        skipSpace();
        return skip(expected);
    }

    private void expect(char expected) throws Unfit {
        if (!takes(expected)) {
            throw wrong();
        }
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws Unfit {
        if (at >= text.length()) {
            throw wrong();
        }
        return text.charAt(at);
    }

    private Unfit wrong() {
        String before = text.substring(0, Math.min(at, text.length()));
        long line = 1 + before.chars().filter(character -> character == '\n').count();
        int column = before.length() - before.lastIndexOf('\n');
        return new Unfit("its document is no JSON at line " + line + ", column " + column);
    }
}
