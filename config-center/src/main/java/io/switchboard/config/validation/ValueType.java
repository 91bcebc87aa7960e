package io.switchboard.config.validation;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.util.unit.DataSize;

/**
 * A property's type, as far as Spring Boot's own conversion is known here. Other types are for the application to check.
 *
 * @param name of the class, or of what a collection or map holds
 * @param shape whether one, several or named ones
 */
record ValueType(String name, Shape shape) {

    enum Shape {
        ONE,
        LIST,
        MAP
    }

    private static final ConversionService SPRING = ApplicationConversionService.getSharedInstance();

    private static final List<String> COLLECTIONS =
            List.of("java.util.List", "java.util.Set", "java.util.Collection", "java.util.SortedSet");

    private static final Map<String, Known> KNOWN = Map.ofEntries(
            entry(Integer.class, "a whole number from -2147483648 to 2147483647"),
            entry(Long.class, "a whole number"),
            entry(Short.class, "a whole number from -32768 to 32767"),
            entry(Byte.class, "a whole number from -128 to 127"),
            entry(BigInteger.class, "a whole number"),
            entry(Float.class, "a number"),
            entry(Double.class, "a number"),
            entry(BigDecimal.class, "a number"),
            entry(Boolean.class, "true or false"),
            entry(Character.class, "one character"),
            entry(Duration.class, "a duration such as 500ms, 10s or PT1M"),
            entry(Period.class, "a period such as 10d or P1M"),
            entry(DataSize.class, "a size such as 512KB or 10MB"),
            entry(UUID.class, "a UUID"),
            entry(Charset.class, "a character set such as UTF-8"),
            entry(ZoneId.class, "a time zone such as Europe/Berlin"));

    private record Known(Class<?> type, String words) {}

    private static Map.Entry<String, Known> entry(Class<?> type, String words) {
        return Map.entry(type.getName(), new Known(type, words));
    }

    /** @param declared with its parameters; may be empty */
    static ValueType parse(String declared) {
        if (declared.endsWith("[]")) {
            return new ValueType(declared.substring(0, declared.length() - 2), Shape.LIST);
        }
        // What ends within its parameters is no type, and then none that is known.
        int open = declared.endsWith(">") ? declared.indexOf('<') : -1;
        String raw = open < 0 ? declared : declared.substring(0, open);
        String inside = open < 0 ? "" : declared.substring(open + 1, declared.length() - 1);
        if (COLLECTIONS.contains(raw)) {
            return new ValueType(inside, Shape.LIST);
        }
        if (raw.equals("java.util.Properties")) {
            return new ValueType(String.class.getName(), Shape.MAP);
        }
        if (raw.endsWith("Map")) {
            return new ValueType(inside.substring(inside.indexOf(',') + 1).strip(), Shape.MAP);
        }
        return new ValueType(declared, Shape.ONE);
    }

    /** What a value became, if that is known. */
    sealed interface Converted {

        record Fits(Object value) implements Converted {}

        /** @param expected what it must be, in words */
        record Unfit(String expected) implements Converted {}

        record Unknown() implements Converted {}
    }

    /** Whether nothing can lie below a property of this type. */
    boolean isSimple() {
        return shape == Shape.ONE && (KNOWN.containsKey(name) || name.equals(String.class.getName()));
    }

    /** One value of it, or of what it holds. */
    Converted convert(String text) {
        if (name.equals(String.class.getName())) {
            return new Converted.Fits(text);
        }
        Known known = KNOWN.get(name);
        if (known == null || text.isBlank()) {
            return new Converted.Unknown();
        }
        try {
            return Optional.<Object>ofNullable(SPRING.convert(text, known.type()))
                    .<Converted>map(Converted.Fits::new)
                    .orElseGet(Converted.Unknown::new);
        } catch (ConversionException | IllegalArgumentException e) {
            return new Converted.Unfit(known.words());
        }
    }
}
