package io.switchboard.config.namespace;

import io.switchboard.contracts.config.ConfigApi.Line;
import io.switchboard.contracts.config.ConfigApi.LineKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Two texts, line by line: what stayed, what went and what came, by their longest common subsequence. */
final class LineDifference {

    /** More pairs of lines than that are not compared with each other: they went and came as a whole. */
    private static final int MOST_PAIRS = 1_000_000;

    private LineDifference() {}

    /** A text that is not there has no line; an empty one has one. */
    static List<Line> between(Optional<String> before, Optional<String> after) {
        List<String> old = lines(before);
        List<String> now = lines(after);
        int start = 0;
        while (start < Math.min(old.size(), now.size()) && old.get(start).equals(now.get(start))) {
            start++;
        }
        int end = 0;
        while (end < Math.min(old.size(), now.size()) - start
                && old.get(old.size() - 1 - end).equals(now.get(now.size() - 1 - end))) {
            end++;
        }
        List<Line> difference = new ArrayList<>();
        old.subList(0, start).forEach(line -> difference.add(new Line(LineKind.SAME, line)));
        difference.addAll(middle(old.subList(start, old.size() - end), now.subList(start, now.size() - end)));
        old.subList(old.size() - end, old.size()).forEach(line -> difference.add(new Line(LineKind.SAME, line)));
        return difference;
    }

    private static List<String> lines(Optional<String> text) {
        return text.map(value -> List.of(value.split("\n", -1))).orElse(List.of());
    }

    private static List<Line> middle(List<String> old, List<String> now) {
        boolean compared = (long) old.size() * now.size() <= MOST_PAIRS;
        int[][] common = compared ? commonLengths(old, now) : new int[0][0];
        List<Line> difference = new ArrayList<>();
        int from = 0;
        int to = 0;
        while (from < old.size() || to < now.size()) {
            if (compared
                    && from < old.size()
                    && to < now.size()
                    && old.get(from).equals(now.get(to))) {
                difference.add(new Line(LineKind.SAME, old.get(from++)));
                to++;
            } else if (to == now.size()
                    || from < old.size() && (!compared || common[from + 1][to] >= common[from][to + 1])) {
                difference.add(new Line(LineKind.REMOVED, old.get(from++)));
            } else {
                difference.add(new Line(LineKind.ADDED, now.get(to++)));
            }
        }
        return difference;
    }

    /** How many lines the rests of both texts have in common, from each pair of lines on. */
    private static int[][] commonLengths(List<String> old, List<String> now) {
        int[][] common = new int[old.size() + 1][now.size() + 1];
        for (int from = old.size() - 1; from >= 0; from--) {
            for (int to = now.size() - 1; to >= 0; to--) {
                common[from][to] = old.get(from).equals(now.get(to))
                        ? common[from + 1][to + 1] + 1
                        : Math.max(common[from + 1][to], common[from][to + 1]);
            }
        }
        return common;
    }
}
