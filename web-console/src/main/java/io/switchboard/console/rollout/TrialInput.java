package io.switchboard.console.rollout;

import io.switchboard.console.order.Faults;
import io.switchboard.console.order.LoadInput;
import io.switchboard.contracts.scheduling.Canary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Whether new tasks have to pass a trial first, as it was typed, right or wrong.
 *
 * @param wanted without it the figures mean nothing
 */
public record TrialInput(boolean wanted, String tasks, String minutes) {

    private static final String TASKS = "canary.tasks";
    private static final String MINUTES = "canary.minutes";

    /** The names of the form's fields. */
    public static final Set<String> FIELDS = Set.of(TASKS, MINUTES);

    /** None, with figures to begin with. */
    public static TrialInput none() {
        return new TrialInput(false, "1", "5");
    }

    public static TrialInput of(Map<String, String> form) {
        return new TrialInput(
                "yes".equals(form.get("trial")),
                form.getOrDefault(TASKS, "").strip(),
                form.getOrDefault(MINUTES, "").strip());
    }

    /** Empty without a trial, and if a figure is no whole number; the ranges are the services' to check. */
    public Optional<Canary> canary() {
        return wanted && LoadInput.isWhole(tasks) && LoadInput.isWhole(minutes)
                ? Optional.of(new Canary(Integer.parseInt(tasks), Integer.parseInt(minutes)))
                : Optional.empty();
    }

    /** @param words from a message's key to its text */
    public Faults faults(UnaryOperator<String> words) {
        Map<String, String> faults = new HashMap<>();
        if (wanted) {
            Map.of(TASKS, tasks, MINUTES, minutes).forEach((field, typed) -> {
                if (!LoadInput.isWhole(typed)) {
                    faults.put(field, words.apply("form.whole-number"));
                }
            });
        }
        return new Faults(faults, List.of());
    }
}
