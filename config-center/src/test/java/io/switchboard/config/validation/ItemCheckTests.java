package io.switchboard.config.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.validation.ItemCheck.Fault;
import io.switchboard.configprotocol.ApplicationMetadata;
import io.switchboard.configprotocol.Constraint;
import io.switchboard.configprotocol.Constraint.Kind;
import io.switchboard.configprotocol.KnownProperty;
import io.switchboard.contracts.config.ValidationApi.FindingKind;
import io.switchboard.contracts.config.ValidationApi.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemCheckTests {

    private static final KnownProperties KNOWN = new KnownProperties(new ApplicationMetadata(
            "1.2",
            List.of("calls", "calls.retry"),
            List.of(
                    property("calls.max-wait", "java.time.Duration", new Constraint(Kind.MIN, "PT1S")),
                    property(
                            "calls.attempts",
                            "java.lang.Integer",
                            new Constraint(Kind.ABOVE, "0"),
                            new Constraint(Kind.MAX, "10")),
                    property("calls.share", "java.lang.Double", new Constraint(Kind.BELOW, "1")),
                    property("calls.recorded", "java.lang.Boolean"),
                    property("calls.largest", "org.springframework.util.unit.DataSize"),
                    property("calls.codes", "java.util.List<java.lang.Integer>"),
                    property("calls.waits", "java.util.Map<java.lang.String,java.time.Duration>"),
                    property(
                            "calls.labels",
                            "java.util.Map<java.lang.String,java.lang.String>",
                            new Constraint(Kind.SHORTEST, "1")),
                    property("calls.names", "java.util.List<java.lang.String>", new Constraint(Kind.SHORTEST, "1")),
                    property("calls.targets", "java.util.List<com.acme.Target>"),
                    property("calls.zone", "java.time.ZoneId"),
                    property("calls.greeting", "java.lang.String", new Constraint(Kind.NOT_BLANK, "")),
                    property("calls.code", "java.lang.String", new Constraint(Kind.PATTERN, "[A-Z]{3}")),
                    property(
                            "calls.slow", "java.lang.String", new Constraint(Kind.PATTERN, "(.*)(.*)(.*)(.*)(.*)\\1Q")),
                    property("calls.special", "com.acme.Special"),
                    enumeration("calls.mode", "com.acme.Mode", "LONGEST_IDLE", "ROUND_ROBIN"),
                    enumeration("calls.modes", "java.util.Set<com.acme.Mode>", "LONGEST_IDLE", "ROUND_ROBIN"),
                    deprecated("calls.patience", new KnownProperty.Deprecation("renamed", "calls.max-wait", false)),
                    deprecated("calls.gone", new KnownProperty.Deprecation("", "", true))),
            List.of()));

    private static List<Fault> faults(String key, @Nullable String value) {
        return ItemCheck.of(key, value, KNOWN, Deadline.in(Duration.ofMinutes(1)));
    }

    private static KnownProperty property(String name, String type, Constraint... constraints) {
        return new KnownProperty(name, type, "", Optional.empty(), Optional.empty(), List.of(), List.of(constraints));
    }

    private static KnownProperty enumeration(String name, String type, String... constants) {
        return new KnownProperty(name, type, "", Optional.empty(), Optional.empty(), List.of(constants), List.of());
    }

    private static KnownProperty deprecated(String name, KnownProperty.Deprecation deprecation) {
        return new KnownProperty(
                name, "java.time.Duration", "", Optional.empty(), Optional.of(deprecation), List.of(), List.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    calls.max-wait     | 1s
                    calls.maxWait      | PT20M
                    calls.max-wait     | 1500
                    calls.max-wait     | ${wait.of.others}
                    calls.attempts     | 10
                    calls.attempts     | 0x0a
                    calls.share        | 0.99
                    calls.recorded     | off
                    calls.largest      | 10MB
                    calls.codes        | 404, 486
                    calls.codes[1]     | 486
                    calls.waits.ring   | 2s
                    calls.waits[a.b]   | 2s
                    calls.labels.x     | ''
                    calls.names[0]     | ''
                    calls.targets[0].weight | heavy
                    calls.zone         | Europe/Berlin
                    calls.mode         | longest-idle
                    calls.modes        | longestIdle,ROUND_ROBIN
                    calls.code         | ABC
                    calls.special      | whatever
                    calls.special.part | whatever
                    other.key          | whatever
                    """)
    void whatTheApplicationTakesIsNoFault(String key, String value) {
        assertThat(faults(key, value)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    calls.max-wait   | soon       | TYPE  | It must be a duration such as 500ms, 10s or PT1M.
                    calls.max-wait   | 999ms      | RANGE | It must be at least PT1S.
                    calls.attempts   | many       | TYPE  | It must be a whole number from -2147483648 to 2147483647.
                    calls.attempts   | 3000000000 | TYPE  | It must be a whole number from -2147483648 to 2147483647.
                    calls.attempts   | 0          | RANGE | It must be more than 0.
                    calls.attempts   | 11         | RANGE | It must be at most 10.
                    calls.share      | 1          | RANGE | It must be less than 1.
                    calls.recorded   | ja         | TYPE  | It must be true or false.
                    calls.largest    | big        | TYPE  | It must be a size such as 512KB or 10MB.
                    calls.codes      | 404,none   | TYPE  | It must be a whole number from -2147483648 to 2147483647.
                    calls.codes[0]   | none       | TYPE  | It must be a whole number from -2147483648 to 2147483647.
                    calls.waits.ring | long       | TYPE  | It must be a duration such as 500ms, 10s or PT1M.
                    calls.zone       | Berlin     | TYPE  | It must be a time zone such as Europe/Berlin.
                    calls.mode       | fastest    | TYPE  | It must be one of longest-idle, round-robin.
                    calls.modes[0]   | fastest    | TYPE  | It must be one of longest-idle, round-robin.
                    calls.code       | abc        | RANGE | It must match [A-Z]{3}.
                    calls.greeting   | ' '        | RANGE | It must not be blank.
                    """)
    void whatItWouldRefuseIsAnErrorWithoutTheValue(String key, String value, FindingKind kind, String message) {
        assertThat(faults(key, value)).singleElement().satisfies(fault -> {
            assertThat(fault.severity()).isEqualTo(Severity.ERROR);
            assertThat(fault.kind()).isEqualTo(kind);
            assertThat(fault.message()).isEqualTo(message);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "calls.atempts,calls.attempts",
        "calls.maxWiat,calls.max-wait",
        "calls.mode.x,calls.mode",
        "calls.somethingelse,",
        "calls.moral,",
        "calls.attempts.x,calls.attempts"
    })
    void anUnknownNameBesideKnownOnesIsAWarning(String key, String suggestion) {
        assertThat(faults(key, "1")).singleElement().satisfies(fault -> {
            assertThat(fault.severity()).isEqualTo(Severity.WARNING);
            assertThat(fault.kind()).isEqualTo(FindingKind.UNKNOWN);
            assertThat(fault.suggestion().get()).isEqualTo(Optional.ofNullable(suggestion));
        });
    }

    @ParameterizedTest
    @CsvSource({"cals.attempts,calls.attempts", "clals.maxWait,calls.max-wait", "callss.max-wait,calls.max-wait"})
    void aGroupThatIsMisspelledIsAWarning(String key, String suggestion) {
        assertThat(faults(key, "1")).singleElement().satisfies(fault -> {
            assertThat(fault.severity()).isEqualTo(Severity.WARNING);
            assertThat(fault.kind()).isEqualTo(FindingKind.UNKNOWN);
            assertThat(fault.suggestion().get()).contains(suggestion);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cells.opens-at", "halls.own.attempts", "tasks.attempts", "attempts", "cals", "cals.attempts."})
    void aKeyThatTheApplicationMayAskForByItselfIsNone(String key) {
        assertThat(faults(key, "1")).isEmpty();
    }

    @Test
    void whatIsDeprecatedSaysWhatToUseInstead() {
        assertThat(faults("calls.patience", "5s")).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(FindingKind.DEPRECATED);
            assertThat(fault.message()).isEqualTo("It is deprecated: renamed.");
            assertThat(fault.suggestion().get()).contains("calls.max-wait");
        });
        assertThat(faults("calls.gone", "5s")).extracting(Fault::message).containsExactly("It has no effect any more.");
    }

    @Test
    void ofAnEncryptedItemOnlyTheKeyIsLookedAt() {
        assertThat(faults("calls.attempts", null)).isEmpty();
        assertThat(faults("calls.atempts", null)).extracting(Fault::kind).containsExactly(FindingKind.UNKNOWN);
    }

    @Test
    void aPatternThatWouldTakeForEverIsLeftToTheApplication() {
        long start = System.nanoTime();

        assertThat(faults("calls.slow", "a".repeat(2_000))).isEmpty();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void whenTheTimeForTheWholeCheckIsOverNothingIsLookedForAnyMore() {
        var over = new Deadline(System.nanoTime() - 1);

        assertThat(ItemCheck.of("calls.modes", "fastest,slowest", KNOWN, over)).isEmpty();
        assertThat(ItemCheck.of("calls.slow", "a".repeat(2_000), KNOWN, over)).isEmpty();
        assertThat(ItemCheck.of("calls.atempts", "1", KNOWN, over))
                .singleElement()
                .satisfies(fault -> assertThat(fault.suggestion().get()).isEmpty());
    }

    @Test
    void whatAnApplicationWroteIsRepeatedOnlySoFar() {
        String digits = "9".repeat(100_000);
        var known = new KnownProperties(new ApplicationMetadata(
                "1",
                List.of(),
                List.of(
                        property("a", "java.lang.String", new Constraint(Kind.PATTERN, digits)),
                        property("b", "java.lang.Integer", new Constraint(Kind.MIN, digits)),
                        enumeration("c", "com.acme.Mode", digits),
                        deprecated("d", new KnownProperty.Deprecation(digits, digits, false))),
                List.of()));
        Deadline deadline = Deadline.in(Duration.ofMinutes(1));

        assertThat(List.of("a", "b", "c", "d"))
                .flatMap(key -> ItemCheck.of(key, "5s", known, deadline))
                .hasSize(4)
                .allSatisfy(fault -> {
                    assertThat(fault.message()).hasSizeLessThan(300);
                    assertThat(fault.suggestion().get().orElse("")).hasSizeLessThan(300);
                });
        // Compared with it would take longer than it is worth.
        assertThat(ItemCheck.of("b", "5", known, deadline)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x<", "<", "java.util.List<", "Map<", "[]", "", "java.util.Map<>", "x<y"})
    void aTypeThatIsNoneIsLeftToTheApplication(String type) {
        var known =
                new KnownProperties(new ApplicationMetadata("1", List.of(), List.of(property("a", type)), List.of()));

        assertThat(ItemCheck.of("a", "1", known, Deadline.in(Duration.ofMinutes(1))))
                .isEmpty();
        assertThat(ItemCheck.of("a[0]", "1", known, Deadline.in(Duration.ofMinutes(1))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-1e999999999", "1e-999999999", "NaN", "Infinity", "0x", "#", "--1"})
    void numbersOfAnySizeAreComparedAtOnce(String value) {
        long start = System.nanoTime();

        faults("calls.share", value);
        faults("calls.attempts", value);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    no reference                | ''
                    ${a.b}                      | a.b
                    x ${a} y ${b}               | a,b
                    ${a:10}                     | ''
                    ${a:${b}}                   | b
                    ${a${b}}                    | b
                    \\${a}                       | ''
                    ${a                         | ''
                    ${}                         | ''
                    ${a:${b:${c}}} ${d}         | c,d
                    """)
    void referencesWithoutADefaultAreFound(String text, String names) {
        assertThat(String.join(",", References.of(text))).isEqualTo(names);
    }
}
