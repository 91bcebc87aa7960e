package io.switchboard.config.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchboard.configprotocol.Format;
import io.switchboard.contracts.problem.Problem;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentRulesTests {

    @Test
    void whatSpringReadsIsTaken() {
        String yaml = """
                # for callers
                defaults: &defaults
                  attempts: 3
                queue:
                  <<: *defaults
                  names: [sales, "support line"]
                  open: 2026-03-02
                """;
        assertThatCode(() -> DocumentRules.check(Format.YAML, yaml)).doesNotThrowAnyException();
        assertThatCode(() -> DocumentRules.check(Format.JSON, "{\"a\": [1, {\"b\": null}]}\n"))
                .doesNotThrowAnyException();
        assertThatCode(() -> DocumentRules.check(Format.TEXT, "%{ anything")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "- hunter2",
                "hunter2",
                "a: 1\na: hunter2",
                "a: [hunter2",
                "a: 1\n---\na: hunter2",
                "a: !!javax.script.ScriptEngineManager [hunter2]",
                "a: &a [*a]",
                "\thunter2: 1"
            })
    void whatIsNoMappingForSpringIsRefusedWithoutRepeatingIt(String yaml) {
        assertThat(refusal(Format.YAML, yaml).detail()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[1]", "{\"a\": 1,}", "{\"a\": 1, \"a\": 2}", "{} {}", "{'a': 1}", "{\"a\": hunter2}"})
    void whatIsNoJsonObjectIsRefused(String json) {
        assertThat(refusal(Format.JSON, json).detail()).doesNotContain("hunter2");
    }

    @Test
    void theProblemNamesThePlace() {
        assertThat(refusal(Format.YAML, "a: 1\nb: [1\nc: 2\n").properties()).containsKeys("line", "column");
        assertThat(refusal(Format.JSON, "{\n  \"a\": x\n}").properties()).containsAllEntriesOf(Map.of("line", 2));
    }

    @Test
    void aFewLinesCannotBecomeMoreThanAClientsMemory() {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int level = 1; level < 9; level++) {
            String before = "*a" + (level - 1);
            bomb.append("a%d: &a%d [%s]\n".formatted(level, level, String.join(", ", Collections.nCopies(9, before))));
        }
        Assertions.assertTimeoutPreemptively(
                Duration.ofMinutes(1),
                () -> assertThat(refusal(Format.YAML, bomb.toString()).detail()).contains("50000"));
        assertThat(refusal(Format.YAML, "a: " + "[".repeat(10_000) + "]".repeat(10_000))
                        .code()
                        .name())
                .isEqualTo("INVALID_DOCUMENT");
        assertThat(refusal(Format.JSON, "{\"a\":" + "[".repeat(10_000)).code().name())
                .isEqualTo("INVALID_DOCUMENT");
    }

    @Test
    void namesWrittenOutCannotBecomeMoreThanAClientsMemory() {
        String name = "n".repeat(1_000);
        String values = String.join(", ", Collections.nCopies(20_000, "1"));
        for (String document : new String[] {
            "{\"%s\": [%s]}".formatted(name, values),
            "{\"%s\": 1}".formatted(name.repeat(2)),
            "{\"a\":".repeat(60) + "1" + "}".repeat(60)
        }) {
            assertThat(refusal(Format.JSON, document).code().name()).isEqualTo("INVALID_DOCUMENT");
            assertThat(refusal(Format.YAML, document).code().name()).isEqualTo("INVALID_DOCUMENT");
        }
        String aliases = "b: &b [%s]\n%s: {c: *b, d: *b, e: *b}\n".formatted(values.substring(0, 30_000), name);
        assertThat(refusal(Format.YAML, aliases).detail()).contains("names of all values");
    }

    @Test
    void aKeyThatIsNoTextIsRefusedBeforeItIsCompared() {
        var bomb = new StringBuilder("? &a0 [x, x, x, x, x, x, x, x, x]\n: 0\n");
        for (int level = 1; level < 9; level++) {
            String before = "*a" + (level - 1);
            bomb.append("? &a%d [%s]\n: 0\n".formatted(level, String.join(", ", Collections.nCopies(9, before))));
        }
        for (String yaml : new String[] {bomb.toString(), "? &a [ *a ]\n: 0\n", "a: {? {b: 1} : 2}\n"}) {
            Assertions.assertTimeoutPreemptively(
                    Duration.ofMinutes(1),
                    () -> assertThat(refusal(Format.YAML, yaml).detail()).isEqualTo("A key is no plain text."));
        }
    }

    private static Problem refusal(Format format, String text) {
        return catchThrowableOfType(Problem.class, () -> DocumentRules.check(format, text));
    }
}
