package io.switchboard.configclient.autoconfigure;

import io.switchboard.configprotocol.Constraint;
import io.switchboard.configprotocol.Constraint.Kind;
import jakarta.validation.Validator;
import jakarta.validation.groups.Default;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.PropertyDescriptor;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.context.ApplicationContext;
import org.springframework.validation.annotation.Validated;

/**
 * What validation annotations say of the properties that beans are bound to, as far as it can be told of one value by itself.
 * Others are checked by the application alone.
 */
final class BoundConstraints {

    private static final int DEEPEST = 5;

    private final Validator validator;
    private final SortedMap<String, List<Constraint>> found = new TreeMap<>();

    private BoundConstraints(Validator validator) {
        this.validator = validator;
    }

    /** By the property's name. Nothing if the application doesn't validate. */
    static SortedMap<String, List<Constraint>> of(ApplicationContext context) {
        Validator validator = context.getBeanProvider(Validator.class).getIfAvailable();
        if (validator == null) {
            return new TreeMap<>();
        }
        var constraints = new BoundConstraints(validator);
        for (ConfigurationPropertiesBean bean :
                ConfigurationPropertiesBean.getAll(context).values()) {
            if (bean.asBindTarget().getAnnotation(Validated.class) != null && bean.getInstance() != null) {
                constraints.add(bean.getAnnotation().prefix(), CandidateBinder.type(bean), 0);
            }
        }
        return constraints.found;
    }

    private void add(String prefix, Class<?> type, int depth) {
        for (PropertyDescriptor property :
                validator.getConstraintsForClass(type).getConstrainedProperties()) {
            String name = prefix + "." + DataObjectPropertyName.toDashedForm(property.getPropertyName());
            List<Constraint> constraints = new ArrayList<>();
            property.getConstraintDescriptors()
                    .forEach(descriptor -> add(descriptor, property.getElementClass(), constraints));
            if (!constraints.isEmpty()) {
                found.put(name, constraints);
            }
            if (property.isCascaded() && depth < DEEPEST) {
                add(name, property.getElementClass(), depth + 1);
            }
        }
    }

    private static void add(ConstraintDescriptor<?> descriptor, Class<?> type, List<Constraint> constraints) {
        boolean always =
                descriptor.getGroups().isEmpty() || descriptor.getGroups().contains(Default.class);
        if (!always) {
            return;
        }
        constraints.addAll(of(
                descriptor.getAnnotation().annotationType().getName(),
                descriptor.getAttributes(),
                CharSequence.class.isAssignableFrom(type)));
        descriptor.getComposingConstraints().forEach(composing -> add(composing, type, constraints));
    }

    private static List<Constraint> of(String annotation, Map<String, Object> attributes, boolean text) {
        return switch (annotation) {
            case "jakarta.validation.constraints.Min" -> one(Kind.MIN, attributes.get("value"));
            case "jakarta.validation.constraints.Max" -> one(Kind.MAX, attributes.get("value"));
            case "jakarta.validation.constraints.DecimalMin" ->
                one(inclusive(attributes) ? Kind.MIN : Kind.ABOVE, attributes.get("value"));
            case "jakarta.validation.constraints.DecimalMax" ->
                one(inclusive(attributes) ? Kind.MAX : Kind.BELOW, attributes.get("value"));
            case "jakarta.validation.constraints.Positive" -> one(Kind.ABOVE, BigDecimal.ZERO);
            case "jakarta.validation.constraints.PositiveOrZero" -> one(Kind.MIN, BigDecimal.ZERO);
            case "jakarta.validation.constraints.Negative" -> one(Kind.BELOW, BigDecimal.ZERO);
            case "jakarta.validation.constraints.NegativeOrZero" -> one(Kind.MAX, BigDecimal.ZERO);
            case "org.hibernate.validator.constraints.time.DurationMin" ->
                one(inclusive(attributes) ? Kind.MIN : Kind.ABOVE, duration(attributes));
            case "org.hibernate.validator.constraints.time.DurationMax" ->
                one(inclusive(attributes) ? Kind.MAX : Kind.BELOW, duration(attributes));
            case "jakarta.validation.constraints.NotNull" -> one(Kind.REQUIRED, "");
            case "jakarta.validation.constraints.NotBlank" ->
                List.of(new Constraint(Kind.REQUIRED, ""), new Constraint(Kind.NOT_BLANK, ""));
            case "jakarta.validation.constraints.NotEmpty" ->
                // Of a list or map it asks for an element, of which the center would take it to say something.
                text
                        ? List.of(new Constraint(Kind.REQUIRED, ""), new Constraint(Kind.SHORTEST, "1"))
                        : one(Kind.REQUIRED, "");
            case "jakarta.validation.constraints.Size", "org.hibernate.validator.constraints.Length" ->
                text ? length(attributes) : List.of();
            case "jakarta.validation.constraints.Pattern" ->
                attributes.get("flags") instanceof Object[] flags && flags.length > 0
                        ? List.of()
                        : one(Kind.PATTERN, attributes.get("regexp"));
            default -> List.of();
        };
    }

    private static List<Constraint> one(Kind kind, @Nullable Object bound) {
        return List.of(new Constraint(kind, String.valueOf(bound)));
    }

    private static boolean inclusive(Map<String, Object> attributes) {
        return !Boolean.FALSE.equals(attributes.get("inclusive"));
    }

    private static List<Constraint> length(Map<String, Object> attributes) {
        List<Constraint> constraints = new ArrayList<>();
        if (attributes.get("min") instanceof Integer min && min > 0) {
            constraints.add(new Constraint(Kind.SHORTEST, min.toString()));
        }
        if (attributes.get("max") instanceof Integer max && max < Integer.MAX_VALUE) {
            constraints.add(new Constraint(Kind.LONGEST, max.toString()));
        }
        return constraints;
    }

    private static Duration duration(Map<String, Object> attributes) {
        return Duration.ofDays(number(attributes, "days"))
                .plusHours(number(attributes, "hours"))
                .plusMinutes(number(attributes, "minutes"))
                .plusSeconds(number(attributes, "seconds"))
                .plusMillis(number(attributes, "millis"))
                .plusNanos(number(attributes, "nanos"));
    }

    private static long number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Number number ? number.longValue() : 0;
    }
}
