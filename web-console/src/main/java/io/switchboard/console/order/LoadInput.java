package io.switchboard.console.order;

import io.switchboard.contracts.ordering.LoadProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A load profile as it was typed, right or wrong, so that a refused form can show it again. */
public record LoadInput(String agents, String callsPerHour, String averageHandlingSeconds) {

    private static final String AGENTS = "loadProfile.agents";
    private static final String CALLS = "loadProfile.callsPerHour";
    private static final String HANDLING = "loadProfile.averageHandlingSeconds";

    /** The names of the form's fields. */
    public static final Set<String> FIELDS = Set.of(AGENTS, CALLS, HANDLING);

    public static LoadInput of(LoadProfile load) {
        return new LoadInput(
                String.valueOf(load.agents()),
                String.valueOf(load.callsPerHour()),
                String.valueOf(load.averageHandlingSeconds()));
    }

    /** What the form sent; a field it did not send is blank. */
    public static LoadInput of(Map<String, String> form) {
        return new LoadInput(
                form.getOrDefault(AGENTS, "").strip(),
                form.getOrDefault(CALLS, "").strip(),
                form.getOrDefault(HANDLING, "").strip());
    }

    /** Empty if a field is no whole number; the ranges are the request service's to check. */
    public Optional<LoadProfile> profile() {
        if (!isWhole(agents) || !isWhole(callsPerHour) || !isWhole(averageHandlingSeconds)) {
            return Optional.empty();
        }
        return Optional.of(new LoadProfile(
                Integer.parseInt(agents), Integer.parseInt(callsPerHour), Integer.parseInt(averageHandlingSeconds)));
    }

    /** @param words from a message's key to its text */
    public Faults faults(UnaryOperator<String> words) {
        Map<String, String> faults = new HashMap<>();
        Map.of(AGENTS, agents, CALLS, callsPerHour, HANDLING, averageHandlingSeconds)
                .forEach((field, typed) -> {
                    if (!isWhole(typed)) {
                        faults.put(field, words.apply("form.whole-number"));
                    }
                });
        return new Faults(faults, List.of());
    }

    /** Whether it is a number that an {@code int} holds. */
    public static boolean isWhole(String typed) {
        return typed.matches("-?\\d{1,9}");
    }
}
