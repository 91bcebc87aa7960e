package io.switchboard.standalone;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/explanation/lessons-from-others-vulnerabilities.md} whole: each fault has a line, each line tests that are there. */
class LessonsTests {

    private static final Path ROOT = Path.of("../..");
    private static final Path PAGE = ROOT.resolve("docs/explanation/lessons-from-others-vulnerabilities.md");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+Tests)\\.(\\w+)`");

    private static final List<String> FAULTS = List.of(
            "CVE-2021-29441",
            "CVE-2021-29442",
            "CVE-2021-43116",
            "c04b0bbb44",
            "cdd2be65af",
            "cf59d62260",
            "AVD-2024-1743586",
            "GHSA-4gr7-qw2q-jxh6",
            "#15712",
            "#15661",
            "#2103",
            "#2105",
            "CVE-2023-25570",
            "CVE-2026-59954",
            "d7cd9e738",
            "6b30c2c13",
            "cdaedad3c",
            "CVE-2025-32781",
            "#5442",
            "#5542",
            "309e0e07e",
            "002567431",
            "CVE-2026-40981",
            "CVE-2026-79993");

    @Test
    void eachFaultHasALine() throws IOException {
        List<String> lines = lines();

        assertThat(FAULTS)
                .allSatisfy(fault -> assertThat(lines)
                        .anyMatch(line -> Pattern.compile(Pattern.quote(fault) + "\\b")
                                .matcher(line)
                                .find()));
    }

    @Test
    void eachLineNamesTestsThatAreThere() throws IOException {
        Map<String, Path> sources = sources();

        for (String line : lines()) {
            List<MatchResult> tests = TEST.matcher(line).results().toList();
            assertThat(tests).as(line).isNotEmpty();
            for (MatchResult test : tests) {
                assertThat(sources).as(line).containsKey(test.group(1));
                assertThat(Files.readString(sources.get(test.group(1))))
                        .as(test.group(1))
                        .contains("void " + test.group(2) + "(");
            }
        }
    }

    private static List<String> lines() throws IOException {
        List<String> lines = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| fault "))
                .toList();
        assertThat(lines).hasSizeGreaterThan(10);
        return lines;
    }

    /** Of classes whose names several have, any. */
    private static Map<String, Path> sources() throws IOException {
        try (Stream<Path> modules = Files.walk(ROOT, 5)) {
            return modules.filter(path -> path.endsWith("src/test/java"))
                    .flatMap(LessonsTests::tests)
                    .collect(toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            file -> file,
                            (one, other) -> one));
        }
    }

    private static Stream<Path> tests(Path tests) {
        try (Stream<Path> files = Files.walk(tests)) {
            return files.filter(file -> file.toString().endsWith("Tests.java")).toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
