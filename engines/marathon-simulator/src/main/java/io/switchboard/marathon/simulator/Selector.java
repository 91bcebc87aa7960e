package io.switchboard.marathon.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Label selectors: {@code k}, {@code k==v}, {@code k!=v}, {@code k in (a,b)}, {@code k notin (a)}; a comma is "and". */
final class Selector {

    private static final String WORD = "[A-Za-z0-9_./\\-]+";
    private static final Pattern SET = Pattern.compile("(" + WORD + ")\\s+(in|notin)\\s+\\(([^)]*)\\)");
    private static final Pattern COMPARED = Pattern.compile("(" + WORD + ")\\s*(==|!=)\\s*(" + WORD + ")");
    private static final Pattern PRESENT = Pattern.compile(WORD);
    private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");

    private Selector() {}

    static Predicate<JsonNode> of(String text) {
        Predicate<JsonNode> all = labels -> true;
        if (text.isBlank()) {
            return all;
        }
        for (String part : COMMA.split(text)) {
            all = all.and(one(part.strip(), text));
        }
        return all;
    }

    private static Predicate<JsonNode> one(String part, String whole) {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            List<String> values =
                    Arrays.stream(set.group(3).split(",")).map(String::strip).toList();
            boolean in = set.group(2).equals("in");
            String key = set.group(1);
            return labels -> labels.has(key) && values.contains(labels.get(key).asString()) == in;
        }
        Matcher compared = COMPARED.matcher(part);
        if (compared.matches()) {
            boolean equal = compared.group(2).equals("==");
            String key = compared.group(1);
            String value = compared.group(3);
            return labels -> labels.has(key) && labels.get(key).asString().equals(value) == equal;
        }
        if (PRESENT.matcher(part).matches()) {
            return labels -> labels.has(part);
        }
        throw new Refusal(
                Answer.message(422, "Can not parse label selector " + whole + ". Reason: end of input expected"));
    }
}
