package io.switchboard.config.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.contracts.config.ConfigApi.Line;
import io.switchboard.contracts.config.ConfigApi.LineKind;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineDifferenceTests {

    @Test
    void whatStayedIsToldFromWhatChanged() {
        assertThat(difference("a\nb\nc\nd", "a\nx\nc\ny\nd")).containsExactly(" a", "-b", "+x", " c", "+y", " d");
        assertThat(difference("a", "a\n")).containsExactly(" a", "+");
        assertThat(difference(null, "a\nb")).containsExactly("+a", "+b");
        assertThat(difference("a", null)).containsExactly("-a");
        assertThat(difference("", null)).containsExactly("-");
    }

    @Test
    void bothTextsAreInTheDifferenceAndNothingElse() {
        var random = new Random(3);
        for (int run = 0; run < 500; run++) {
            String before = text(random);
            String after = text(random);

            List<Line> lines = LineDifference.between(Optional.of(before), Optional.of(after));

            assertThat(without(lines, LineKind.ADDED)).isEqualTo(before);
            assertThat(without(lines, LineKind.REMOVED)).isEqualTo(after);
        }
    }

    @Test
    void textsTooLongToCompareLineByLineAreStillWhole() {
        String before =
                IntStream.range(0, 2_000).mapToObj(line -> "old " + line).collect(Collectors.joining("\n"));
        String after = IntStream.range(0, 2_000).mapToObj(line -> "new " + line).collect(Collectors.joining("\n"));

        List<Line> lines = LineDifference.between(Optional.of("same\n" + before), Optional.of("same\n" + after));

        assertThat(lines.getFirst()).isEqualTo(new Line(LineKind.SAME, "same"));
        assertThat(without(lines, LineKind.ADDED)).isEqualTo("same\n" + before);
        assertThat(without(lines, LineKind.REMOVED)).isEqualTo("same\n" + after);
    }

    private static List<String> difference(@Nullable String before, @Nullable String after) {
        return LineDifference.between(Optional.ofNullable(before), Optional.ofNullable(after)).stream()
                .map(line -> switch (line.kind()) {
                            case SAME -> " ";
                            case REMOVED -> "-";
                            case ADDED -> "+";
                        }
                        + line.text())
                .toList();
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(8), 0, 4).mapToObj(String::valueOf).collect(Collectors.joining("\n"));
    }

    private static String without(List<Line> lines, LineKind kind) {
        return lines.stream()
                .filter(line -> line.kind() != kind)
                .map(Line::text)
                .collect(Collectors.joining("\n"));
    }
}
