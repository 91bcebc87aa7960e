package io.switchboard.console.autoscaling;

import io.switchboard.console.order.Faults;
import io.switchboard.console.order.LoadInput;
import io.switchboard.contracts.scheduling.AutoscalingApi.AutoscalingRequest;
import io.switchboard.contracts.scheduling.AutoscalingApi.AutoscalingView;
import io.switchboard.contracts.scheduling.AutoscalingApi.Mode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What was typed, right or wrong; an empty field says nothing. */
record AutoscalingInput(String mode, String minTasks, String maxTasks, String timeZone, String shape) {

    static final Set<String> FIELDS = Set.of("mode", "minTasks", "maxTasks", "timeZone", "shape");

    static AutoscalingInput of(AutoscalingView view) {
        return new AutoscalingInput(
                view.mode().name(),
                view.minTasks().map(String::valueOf).orElse(""),
                view.maxTasks().map(String::valueOf).orElse(""),
                view.timeZone(),
                view.shape().stream().map(AutoscalingInput::shortest).collect(Collectors.joining(" ")));
    }

    private static String shortest(double factor) {
        return factor == Math.rint(factor) ? String.valueOf((int) factor) : String.valueOf(factor);
    }

    static AutoscalingInput of(Map<String, String> form) {
        return new AutoscalingInput(
                form.getOrDefault("mode", ""),
                form.getOrDefault("minTasks", "").strip(),
                form.getOrDefault("maxTasks", "").strip(),
                form.getOrDefault("timeZone", "").strip(),
                form.getOrDefault("shape", "").strip());
    }

    /** @param words a message by its key */
    Faults faults(UnaryOperator<String> words) {
        var faults = new LinkedHashMap<String, String>();
        if (Arrays.stream(Mode.values()).noneMatch(one -> one.name().equals(mode))) {
            faults.put("mode", words.apply("autoscaling.mode.choose"));
        }
        Map.of("minTasks", minTasks, "maxTasks", maxTasks).forEach((field, typed) -> {
            if (!typed.isEmpty() && !LoadInput.isWhole(typed)) {
                faults.put(field, words.apply("autoscaling.number"));
            }
        });
        if (factors().isEmpty()) {
            faults.put("shape", words.apply("autoscaling.shape.numbers"));
        }
        return new Faults(faults, List.of());
    }

    /** For what has no faults. */
    AutoscalingRequest request() {
        return new AutoscalingRequest(
                Mode.valueOf(mode),
                minTasks.isEmpty() ? null : Integer.valueOf(minTasks),
                maxTasks.isEmpty() ? null : Integer.valueOf(maxTasks),
                shape.isEmpty() ? null : factors().orElseThrow(),
                timeZone.isEmpty() ? null : timeZone);
    }

    private Optional<List<Double>> factors() {
        try {
            return Optional.of(Arrays.stream(shape.split("[\\s;]+"))
                    .filter(one -> !one.isEmpty())
                    .map(Double::valueOf)
                    .toList());
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
