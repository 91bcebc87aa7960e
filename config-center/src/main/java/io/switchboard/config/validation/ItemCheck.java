package io.switchboard.config.validation;

import io.switchboard.config.validation.KnownProperties.Place;
import io.switchboard.config.validation.ValueType.Converted;
import io.switchboard.configprotocol.Constraint;
import io.switchboard.configprotocol.KnownProperty;
import io.switchboard.contracts.config.ValidationApi.FindingKind;
import io.switchboard.contracts.config.ValidationApi.Severity;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One item against what one build takes. Values never get into what is said. */
final class ItemCheck {

    private static final Duration LONGEST_MATCH = Duration.ofMillis(50);
    private static final int MOST_CONSTANTS = 20;
    private static final int LONGEST_SHOWN = 200;

    private ItemCheck() {}

    /** What is wrong, without where it holds. */
    record Fault(Severity severity, FindingKind kind, String message, Supplier<Optional<String>> suggestion) {

        /** Where the time for the whole check ended; what lies behind it is left to the application. */
        static final Fault UNFINISHED = warning(
                FindingKind.UNFINISHED,
                "The check ended here: to go on takes more than may be spent on it.",
                Optional::empty);

        static Fault error(FindingKind kind, String message) {
            return new Fault(Severity.ERROR, kind, message, Optional::empty);
        }

        static Fault warning(FindingKind kind, String message, Supplier<Optional<String>> suggestion) {
            return new Fault(Severity.WARNING, kind, message, suggestion);
        }

        /** Of a key that stays as it is: clients run with it, which keeps nobody from releasing something else. */
        Fault asBefore() {
            return new Fault(Severity.WARNING, kind, message, suggestion);
        }
    }

    /**
     * What there is time to find.
     *
     * @param value null if it is encrypted, and only the key can be looked at
     */
    static List<Fault> of(String key, @Nullable String value, KnownProperties known, Deadline deadline) {
        return switch (known.place(key)) {
            case Place.Undescribed() -> List.of();
            case Place.Elsewhere(Function<Deadline, Optional<String>> meant) ->
                meant
                        .apply(deadline)
                        .map(name -> Fault.warning(
                                FindingKind.UNKNOWN,
                                "The application has no property of this name, but one that is nearly the same.",
                                () -> Optional.of(shown(name))))
                        .stream()
                        .toList();
            case Place.Missing(Function<Deadline, Optional<String>> suggestion) ->
                List.of(Fault.warning(
                        FindingKind.UNKNOWN,
                        "The application has no property of this name, so it has no effect.",
                        () -> suggestion.apply(deadline).map(ItemCheck::shown)));
            case Place.Known(KnownProperty property, ValueType type) -> {
                List<Fault> faults = new ArrayList<>();
                property.deprecation().map(ItemCheck::deprecated).ifPresent(faults::add);
                // What a reference becomes is not known here.
                if (value != null && !References.isIn(value)) {
                    value(value, property, type, deadline).ifPresent(faults::add);
                }
                yield faults;
            }
        };
    }

    private static Fault deprecated(KnownProperty.Deprecation deprecation) {
        String standing = deprecation.ended() ? "It has no effect any more" : "It is deprecated";
        String reason = deprecation.reason().isEmpty() ? "." : ": " + shown(deprecation.reason());
        return Fault.warning(
                FindingKind.DEPRECATED,
                standing + (reason.endsWith(".") ? reason : reason + "."),
                () -> Optional.of(shown(deprecation.replacement())).filter(name -> !name.isEmpty()));
    }

    private static Optional<Fault> value(String value, KnownProperty property, ValueType type, Deadline deadline) {
        return switch (type.shape()) {
            case MAP -> Optional.empty();
            case LIST ->
                // As Spring Boot takes several values from one text.
                List.of(value.split(",", -1)).stream()
                        .takeWhile(one -> !deadline.isOver())
                        .flatMap(one ->
                                one(one.strip(), property, ValueType.parse(type.name()), List.of(), deadline).stream())
                        .findFirst();
            case ONE -> one(value, property, type, constraints(property), deadline);
        };
    }

    /** Of one value: what is said of a list or map holds for none of its elements. */
    private static List<Constraint> constraints(KnownProperty property) {
        return ValueType.parse(property.type()).shape() == ValueType.Shape.ONE ? property.constraints() : List.of();
    }

    private static Optional<Fault> one(
            String value, KnownProperty property, ValueType type, List<Constraint> constraints, Deadline deadline) {
        if (!property.values().isEmpty()) {
            return constant(value, property.values());
        }
        return switch (type.convert(value)) {
            case Converted.Unfit(String expected) ->
                Optional.of(Fault.error(FindingKind.TYPE, "It must be " + expected + "."));
            case Converted.Fits(Object converted) -> constraints(value, converted, constraints, deadline);
            case Converted.Unknown() -> constraints(value, value, constraints, deadline);
        };
    }

    private static Optional<Fault> constant(String value, List<String> constants) {
        String wanted = Names.letters(value);
        if (wanted.isEmpty()
                || constants.stream()
                        .anyMatch(constant -> Names.letters(constant).equals(wanted))) {
            return Optional.empty();
        }
        String all = constants.stream()
                .limit(MOST_CONSTANTS)
                .map(constant -> shown(constant).toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
        return Optional.of(Fault.error(
                FindingKind.TYPE,
                "It must be one of " + all + (constants.size() > MOST_CONSTANTS ? " and others" : "") + "."));
    }

    private static Optional<Fault> constraints(
            String text, Object value, List<Constraint> constraints, Deadline deadline) {
        return constraints.stream()
                .flatMap(constraint -> broken(text, value, constraint, deadline).stream())
                .findFirst()
                .map(broken -> Fault.error(FindingKind.RANGE, "It must " + broken + "."));
    }

    /** What it must and doesn't, in words. */
    private static Optional<String> broken(String text, Object value, Constraint constraint, Deadline deadline) {
        String bound = constraint.bound();
        String shown = shown(bound);
        return switch (constraint.kind()) {
            case MIN -> unless(compared(value, bound) >= 0, "be at least " + shown);
            case MAX -> unless(compared(value, bound) <= 0, "be at most " + shown);
            case ABOVE -> unless(compared(value, bound) >= 0 && !isEqual(value, bound), "be more than " + shown);
            case BELOW -> unless(compared(value, bound) <= 0 && !isEqual(value, bound), "be less than " + shown);
            case SHORTEST -> unless(text.length() >= number(bound), "have at least " + shown + " characters");
            case LONGEST -> unless(text.length() <= number(bound), "have at most " + shown + " characters");
            case NOT_BLANK -> unless(!text.isBlank(), "not be blank");
            case PATTERN -> unless(matches(text, bound, deadline), "match " + shown);
            // Whether it is there isn't asked of a value.
            case REQUIRED -> Optional.empty();
        };
    }

    /** What an application wrote is repeated only so far. */
    private static String shown(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }

    private static Optional<String> unless(boolean kept, String words) {
        return kept ? Optional.empty() : Optional.of(words);
    }

    private static boolean isEqual(Object value, String bound) {
        return (value instanceof Number || value instanceof Duration) && compared(value, bound) == 0;
    }

    /** As {@code compareTo}; 0 for what can't be compared, which is then left to the application. */
    private static int compared(Object value, String bound) {
        if (bound.length() > LONGEST_SHOWN) {
            return 0;
        }
        try {
            if (value instanceof Duration duration) {
                return duration.compareTo(Duration.parse(bound));
            }
            return value instanceof Number ? new BigDecimal(value.toString()).compareTo(new BigDecimal(bound)) : 0;
        } catch (NumberFormatException | DateTimeException e) {
            return 0;
        }
    }

    private static long number(String bound) {
        return bound.matches("[0-9]{1,9}") ? Long.parseLong(bound) : 0;
    }

    /** The pattern is the tenant's: it gets its time, and a pattern that needs more is left to the application. */
    private static boolean matches(String text, String pattern, Deadline deadline) {
        try {
            return Pattern.compile(pattern)
                    .matcher(new TimedText(text, deadline.within(LONGEST_MATCH)))
                    .matches();
        } catch (PatternSyntaxException | TimedText.OutOfTime | StackOverflowError e) {
            return true;
        }
    }
}
