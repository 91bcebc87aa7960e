package io.switchboard.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A command line's arguments, taken one option at a time. */
final class Arguments {

    private final String usage;
    private final List<String> rest;

    Arguments(String usage, String... arguments) {
        this.usage = usage;
        this.rest = new ArrayList<>(List.of(arguments));
    }

    /** The options, or an end with status 2 that says what is wrong with them. */
    static <T> T orExit(Supplier<T> parsing) {
        try {
            return parsing.get();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            throw e;
        }
    }

    boolean flag(String name) {
        return rest.remove(name);
    }

    /** @throws IllegalArgumentException if it is no number of at most seven digits */
    int number(String name, int usual) {
        return value(name)
                .map(text -> {
                    if (!text.matches("[0-9]{1,7}")) {
                        throw new IllegalArgumentException(name + " must be a number but was " + text);
                    }
                    return Integer.parseInt(text);
                })
                .orElse(usual);
    }

    /** @throws IllegalArgumentException if they are no numbers of at most so many digits, with commas between */
    List<Integer> numbers(String name, int digits, List<Integer> usual) {
        return value(name)
                .map(text -> {
                    if (!text.matches("[0-9]{1,%1$d}(,[0-9]{1,%1$d})*".formatted(digits))) {
                        throw new IllegalArgumentException(
                                name + " must be numbers with commas between but was " + text);
                    }
                    return Stream.of(text.split(",")).map(Integer::valueOf).toList();
                })
                .orElse(usual);
    }

    /**
     * The parts that {@code --only} names, or all.
     *
     * @throws IllegalArgumentException if one is none of them
     */
    Set<String> parts(List<String> all) {
        var named = value("--only").map(text -> Set.of(text.split(","))).orElse(Set.copyOf(all));
        if (!all.containsAll(named)) {
            throw new IllegalArgumentException("--only takes some of " + String.join(",", all) + "\n" + usage);
        }
        return named;
    }

    /** @throws IllegalArgumentException if it stands without a value */
    Optional<String> value(String name) {
        int index = rest.indexOf(name);
        if (index < 0) {
            return Optional.empty();
        }
        if (index + 1 == rest.size()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        rest.remove(index);
        return Optional.of(rest.remove(index));
    }

    /** @throws IllegalArgumentException if anything was not taken */
    void end() {
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("unknown option " + rest.getFirst() + "\n" + usage);
        }
    }
}
