package io.switchboard.config.validation;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What was probably meant by a name that isn't known. */
final class NearestName {

    private NearestName() {}

    /**
     * Empty if none is near: one edit for each four letters, and one more; what comes before the first element that differs
     * doesn't count. Of those that there is time to look at.
     */
    static Optional<String> of(String name, Collection<String> known, Deadline deadline) {
        String wanted = Names.uniform(name);
        return known.stream()
                .takeWhile(other -> !deadline.isOver())
                .filter(other -> isNear(wanted, Names.uniform(other)))
                .min(Comparator.<String>comparingInt(other -> distance(wanted, Names.uniform(other)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Whether they differ in one letter, or in one more for each eight: less than what is near. */
    static boolean isSlip(String a, String b) {
        int most = 1 + Math.min(a.length(), b.length()) / 8;
        return Math.abs(a.length() - b.length()) <= most && distance(a, b) <= most;
    }

    private static boolean isNear(String wanted, String other) {
        int most = 1 + (wanted.length() - sameElements(wanted, other)) / 4;
        return Math.abs(wanted.length() - other.length()) <= most && distance(wanted, other) <= most;
    }

    /** How long the elements are that both begin with. */
    private static int sameElements(String a, String b) {
        int same = Arrays.mismatch(a.toCharArray(), b.toCharArray());
        return same < 0 ? a.length() : a.lastIndexOf('.', same - 1) + 1;
    }

    /** Letters to add, leave out, replace or swap with their neighbour (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                steps[i][j] = i == 0 || j == 0 ? i + j : step(steps, a, b, i, j);
            }
        }
        return steps[a.length()][b.length()];
    }

    private static int step(int[][] steps, String a, String b, int i, int j) {
        int replaced = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(steps[i - 1][j - 1] + replaced, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
    }
}
