package io.switchboard.image.token;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a registry client asks for, in the grammar of the distribution project's token specification.
 *
 * @param type {@code repository} or {@code registry}, or one we don't know
 * @param name of the resource; may hold a colon, for a registry's port
 */
record Scope(String type, String name, Set<String> actions) {

    private static final int MOST = 20;
    private static final int LONGEST_NAME = 255;
    private static final Pattern TYPE = Pattern.compile("[a-z0-9]+(\\([a-z0-9]+\\))?");
    private static final String COMPONENT = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";
    private static final String HOST = "[a-zA-Z0-9]+([.-][a-zA-Z0-9]+)*(:[0-9]+)?";
    private static final Pattern NAME = Pattern.compile("(" + HOST + "/)?" + COMPONENT + "(/" + COMPONENT + ")*");
    private static final Pattern ACTION = Pattern.compile("[a-z]+|\\*");

    Scope {
        actions = Set.copyOf(actions);
    }

    /**
     * All scopes of a request: the parameter may repeat, and each may hold several, parted by one blank. What is asked
     * for twice is asked for once, with the actions of both.
     *
     * @throws MalformedScope if one of them breaks the grammar, or there are more than 20
     */
    static List<Scope> parse(List<String> parameters) {
        var merged = new LinkedHashMap<List<String>, Set<String>>();
        for (var parameter : parameters) {
            if (parameter.isEmpty()) {
                continue;
            }
            for (var text : parameter.split(" ", -1)) {
                var scope = parse(text);
                merged.computeIfAbsent(List.of(scope.type, scope.name), same -> new TreeSet<>())
                        .addAll(scope.actions);
                if (merged.size() > MOST) {
                    throw new MalformedScope("more than " + MOST + " scopes");
                }
            }
        }
        return merged.entrySet().stream()
                .map(entry -> new Scope(entry.getKey().get(0), entry.getKey().get(1), entry.getValue()))
                .toList();
    }

    private static Scope parse(String text) {
        // The first and the last colon: the name may hold one itself.
        int first = text.indexOf(':');
        int last = text.lastIndexOf(':');
        if (first < 0 || first == last) {
            throw new MalformedScope("a scope must be type:name:actions");
        }
        var type = text.substring(0, first);
        var name = text.substring(first + 1, last);
        var actions = text.substring(last + 1).split(",", -1);
        if (!TYPE.matcher(type).matches()) {
            throw new MalformedScope("the scope's type must be lower-case letters and digits");
        }
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new MalformedScope(
                    "the scope's name is no repository name of at most " + LONGEST_NAME + " characters");
        }
        for (var action : actions) {
            if (!ACTION.matcher(action).matches()) {
                throw new MalformedScope("the scope's actions must be lower-case words or *, parted by commas");
            }
        }
        return new Scope(type, name, Set.of(new TreeSet<>(List.of(actions)).toArray(String[]::new)));
    }

    static final class MalformedScope extends RuntimeException {

        private static final long serialVersionUID = 1L;

        MalformedScope(String message) {
            super(message, null, false, false);
        }
    }
}
