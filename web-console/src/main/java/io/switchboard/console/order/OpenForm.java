package io.switchboard.console.order;

import io.switchboard.contracts.ordering.CatalogApi.Plan;
import io.switchboard.contracts.ordering.CatalogApi.ServiceType;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The form that orders a new instance.
 *
 * @param plan the plan chosen; null if the type has none
 * @param dependsOn instances that have to be as they should be before the new one starts
 * @param key sent as {@code Idempotency-Key}: the same form sent twice is one order
 */
record OpenForm(
        ServiceType type,
        @Nullable Plan plan,
        String name,
        LoadInput load,
        List<Setting> settings,
        Set<UUID> dependsOn,
        String key) {

    /** Before the id of an instance that the new one depends on, the name of its field. */
    private static final String DEPENDS_ON = "dependsOn.";

    private static final LoadInput EXAMPLE = LoadInput.of(new LoadProfile(20, 400, 180));

    static OpenForm empty(ServiceType type, @Nullable String planName) {
        Plan plan = plan(type, planName);
        return new OpenForm(type, plan, "", EXAMPLE, settings(plan), Set.of(), newKey());
    }

    static OpenForm filled(ServiceType type, Map<String, String> form) {
        Plan plan = plan(type, form.get("plan"));
        List<Setting> filled =
                settings(plan).stream().map(setting -> setting.filledFrom(form)).toList();
        String name = form.getOrDefault("name", "").strip();
        return new OpenForm(
                type, plan, name, LoadInput.of(form), filled, dependsOn(form), form.getOrDefault("key", newKey()));
    }

    /** Another plan's settings; what was typed stays where the plan knows the setting too. */
    static OpenForm withAnotherPlan(ServiceType type, Map<String, String> form) {
        Plan plan = plan(type, form.get("plan"));
        List<Setting> settings = settings(plan).stream()
                .map(setting ->
                        form.containsKey(setting.field()) ? setting.withValue(form.get(setting.field())) : setting)
                .toList();
        OpenForm filled = filled(type, form);
        return new OpenForm(type, plan, filled.name(), filled.load(), settings, filled.dependsOn(), filled.key());
    }

    /** What isn't an id was never offered. */
    private static Set<UUID> dependsOn(Map<String, String> form) {
        return form.keySet().stream()
                .filter(field -> field.matches("dependsOn\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
                .map(field -> UUID.fromString(field.substring(DEPENDS_ON.length())))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The order as it goes to the request service; empty if a number isn't one. */
    Optional<OrderRequest.Open> order() {
        Map<String, Object> parameters = new HashMap<>();
        for (Setting setting : settings) {
            if (setting.isFilled()) {
                Optional<Object> typed = setting.typed();
                if (typed.isEmpty()) {
                    return Optional.empty();
                }
                parameters.put(setting.name(), typed.get());
            }
        }
        String planName = plan == null ? "" : plan.name();
        return load.profile()
                .map(profile -> new OrderRequest.Open(type.name(), planName, name, profile, parameters, dependsOn));
    }

    /** What can be told to be wrong without asking. */
    Faults faults(UnaryOperator<String> words) {
        Map<String, String> faults = new HashMap<>();
        for (Setting setting : settings) {
            if (setting.isFilled() && setting.typed().isEmpty()) {
                faults.put(setting.field(), words.apply("form.number"));
            }
        }
        return load.faults(words).and(new Faults(faults, List.of()));
    }

    Set<String> fields() {
        Set<String> fields = new HashSet<>(LoadInput.FIELDS);
        fields.add("name");
        fields.add("plan");
        fields.add("dependsOn");
        settings.forEach(setting -> fields.add(setting.field()));
        return fields;
    }

    OpenForm withNewKey() {
        return new OpenForm(type, plan, name, load, settings, dependsOn, newKey());
    }

    static String newKey() {
        return UUID.randomUUID().toString();
    }

    private static List<Setting> settings(@Nullable Plan plan) {
        return plan == null ? List.of() : Setting.of(plan.parametersSchema());
    }

    private static @Nullable Plan plan(ServiceType type, @Nullable String name) {
        return type.plans().stream()
                .filter(plan -> plan.name().equals(name))
                .findFirst()
                .or(() -> type.plans().stream().findFirst())
                .orElse(null);
    }
}
