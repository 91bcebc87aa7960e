package io.switchboard.console.order;

import io.switchboard.console.remote.RemoteProblem;
import io.switchboard.console.remote.RemoteProblem.FieldFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is wrong with a form.
 *
 * @param byField the message to show at a field, by the field's name
 * @param elsewhere messages that belong to no field of the form
 */
public record Faults(Map<String, String> byField, List<String> elsewhere) {

    public Faults {
        byField = Map.copyOf(byField);
        elsewhere = List.copyOf(elsewhere);
    }

    public static Faults none() {
        return new Faults(Map.of(), List.of());
    }

    /** Puts each of a problem's faults to the form's field of that name, and what fits nowhere beside the form. */
    public static Faults of(RemoteProblem problem, Set<String> fields) {
        Map<String, String> byField = new LinkedHashMap<>();
        Stream.Builder<String> elsewhere = Stream.builder();
        for (FieldFault fault : problem.faults()) {
            String field = fault.field();
            if (fields.contains(field)) {
                byField.merge(field, fault.message(), (first, next) -> first + "; " + next);
            } else {
                elsewhere.add(field.isEmpty() ? fault.message() : field + ": " + fault.message());
            }
        }
        return new Faults(byField, elsewhere.build().toList());
    }

    public boolean isEmpty() {
        return byField.isEmpty() && elsewhere.isEmpty();
    }

    public Faults and(Faults others) {
        Map<String, String> together = new TreeMap<>(byField);
        together.putAll(others.byField);
        return new Faults(
                together,
                Stream.concat(elsewhere.stream(), others.elsewhere.stream()).toList());
    }
}
