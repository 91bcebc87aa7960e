package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.configprotocol.Constraint;
import io.switchboard.configprotocol.Constraint.Kind;
import jakarta.validation.Payload;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Negative;
import jakarta.validation.constraints.NegativeOrZero;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hibernate.validator.constraints.Length;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

class BoundConstraintsTests {

    @Test
    void eachAnnotationThatCanBeToldOfOneValueIsToldAndNoOther() {
        SortedMap<String, List<Constraint>> expected = new TreeMap<>();
        put(expected, "min-max", constraint(Kind.MIN, "1"), constraint(Kind.MAX, "9"));
        put(expected, "share", constraint(Kind.ABOVE, "0.5"), constraint(Kind.MAX, "1.5"));
        put(expected, "part", constraint(Kind.MIN, "0.5"), constraint(Kind.BELOW, "1.5"));
        put(expected, "positive", constraint(Kind.ABOVE, "0"));
        put(expected, "positive-or-zero", constraint(Kind.MIN, "0"));
        put(expected, "negative", constraint(Kind.BELOW, "0"));
        put(expected, "negative-or-zero", constraint(Kind.MAX, "0"));
        put(expected, "wait", constraint(Kind.MIN, "PT1M1S"), constraint(Kind.BELOW, "PT1H"));
        put(expected, "given", constraint(Kind.REQUIRED, ""));
        put(expected, "greeting", constraint(Kind.REQUIRED, ""), constraint(Kind.NOT_BLANK, ""));
        put(expected, "code", constraint(Kind.REQUIRED, ""), constraint(Kind.SHORTEST, "1"));
        put(expected, "name", constraint(Kind.SHORTEST, "2"), constraint(Kind.LONGEST, "5"));
        put(expected, "title", constraint(Kind.LONGEST, "7"));
        put(expected, "zone", constraint(Kind.PATTERN, "[a-z]+"));
        put(expected, "labels", constraint(Kind.REQUIRED, ""));
        put(expected, "names", constraint(Kind.REQUIRED, ""));
        put(expected, "port", constraint(Kind.MIN, "1"), constraint(Kind.MAX, "65535"));
        put(expected, "target.weight", constraint(Kind.ABOVE, "0"));

        try (var context = new AnnotationConfigApplicationContext(Application.class)) {
            SortedMap<String, List<Constraint>> found = BoundConstraints.of(context);

            assertThat(found.keySet()).isEqualTo(expected.keySet());
            expected.forEach((name, constraints) ->
                    assertThat(found.get(name)).as(name).containsExactlyInAnyOrderElementsOf(constraints));
        }
    }

    private static void put(SortedMap<String, List<Constraint>> expected, String name, Constraint... constraints) {
        expected.put("desk." + name, List.of(constraints));
    }

    private static Constraint constraint(Kind kind, String bound) {
        return new Constraint(kind, bound);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({DeskProperties.class, UncheckedProperties.class})
    @Import(LocalValidatorFactoryBean.class)
    static class Application {}

    /** Not validated: nothing is told of it. */
    @ConfigurationProperties("unchecked")
    static class UncheckedProperties {

        @Min(1)
        public int getCount() {
            return 0;
        }
    }

    @Min(1)
    @Max(65_535)
    @Retention(RetentionPolicy.RUNTIME)
    @jakarta.validation.Constraint(validatedBy = {})
    @interface Port {

        String message() default "no port";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};
    }

    interface AtNight {}

    record Target(@Positive int weight, int unchecked) {}

    @Validated
    @ConfigurationProperties("desk")
    static class DeskProperties {

        @Min(1)
        @Max(9)
        public int getMinMax() {
            return 1;
        }

        @DecimalMin(value = "0.5", inclusive = false)
        @DecimalMax("1.5")
        public BigDecimal getShare() {
            return BigDecimal.ONE;
        }

        @DecimalMin("0.5")
        @DecimalMax(value = "1.5", inclusive = false)
        public BigDecimal getPart() {
            return BigDecimal.ONE;
        }

        @Positive
        public int getPositive() {
            return 1;
        }

        @PositiveOrZero
        public int getPositiveOrZero() {
            return 0;
        }

        @Negative
        public int getNegative() {
            return -1;
        }

        @NegativeOrZero
        public int getNegativeOrZero() {
            return 0;
        }

        @DurationMin(minutes = 1, seconds = 1)
        @DurationMax(hours = 1, inclusive = false)
        public Duration getWait() {
            return Duration.ofMinutes(2);
        }

        @NotNull
        public String getGiven() {
            return "";
        }

        @NotBlank
        public String getGreeting() {
            return "hello";
        }

        @NotEmpty
        public String getCode() {
            return "x";
        }

        @Size(min = 2, max = 5)
        public String getName() {
            return "ann";
        }

        @Length(max = 7)
        public String getTitle() {
            return "";
        }

        @Pattern(regexp = "[a-z]+")
        public String getZone() {
            return "eu";
        }

        @Pattern(regexp = "[a-z]+", flags = Pattern.Flag.CASE_INSENSITIVE)
        public String getAnyCase() {
            return "EU";
        }

        @NotEmpty
        public Map<String, String> getLabels() {
            return Map.of("a", "");
        }

        @NotEmpty
        @Size(max = 2)
        public List<@NotBlank String> getNames() {
            return List.of("a");
        }

        @Port
        public int getPort() {
            return 80;
        }

        @Min(value = 9, groups = AtNight.class)
        public int getAgents() {
            return 1;
        }

        @AssertTrue
        public boolean isOpen() {
            return true;
        }

        @Valid
        public Target getTarget() {
            return new Target(1, 0);
        }
    }
}
