package io.switchboard.console.config;

import io.switchboard.contracts.config.ConfigApi.Change;
import io.switchboard.contracts.config.ConfigApi.Line;
import io.switchboard.contracts.config.ConfigApi.LineKind;
import io.switchboard.contracts.config.HistoryApi.PendingChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One key that changes.
 *
 * @param kind {@code added}, {@code changed}, {@code removed}, or {@code commented} if only the comment changes
 * @param comment before and after; empty if it stays as it is
 * @param author who made it; null if that isn't known, or not asked
 * @param takenBack whether the release in effect took back exactly this
 */
record ChangeRow(
        String key,
        String kind,
        List<LineRow> lines,
        List<LineRow> comment,
        @Nullable String author,
        boolean takenBack) {

    /** Lines around a change that are shown with it. */
    private static final int AROUND = 3;

    /** @param kind {@code same}, {@code removed}, {@code added} or {@code gap} for lines that are left out */
    record LineRow(String kind, String text) {}

    static ChangeRow of(Change change) {
        return row(change, null, false);
    }

    static ChangeRow of(PendingChange pending) {
        return row(pending.change(), pending.author().orElse(null), pending.takenBack());
    }

    private static ChangeRow row(Change change, @Nullable String author, boolean takenBack) {
        return new ChangeRow(
                change.key(),
                kind(change),
                shown(change.lines().orElse(List.of())),
                comment(change),
                author,
                takenBack);
    }

    private static String kind(Change change) {
        if (change.before().isEmpty()) {
            return "added";
        }
        if (change.after().isEmpty()) {
            return "removed";
        }
        return change.before().equals(change.after()) ? "commented" : "changed";
    }

    private static List<LineRow> comment(Change change) {
        List<LineRow> rows = new ArrayList<>();
        change.comment().ifPresent(comment -> {
            comment.before().ifPresent(text -> text.lines().forEach(line -> rows.add(new LineRow("removed", line))));
            comment.after().ifPresent(text -> text.lines().forEach(line -> rows.add(new LineRow("added", line))));
        });
        return rows;
    }

    private static List<LineRow> shown(List<Line> lines) {
        List<LineRow> rows = new ArrayList<>();
        for (int index = 0; index < lines.size(); index++) {
            if (isNearAChange(lines, index)) {
                Line line = lines.get(index);
                rows.add(new LineRow(line.kind().name().toLowerCase(Locale.ROOT), line.text()));
            } else if (rows.isEmpty() || !rows.getLast().kind().equals("gap")) {
                rows.add(new LineRow("gap", ""));
            }
        }
        return rows;
    }

    private static boolean isNearAChange(List<Line> lines, int index) {
        return lines.subList(Math.max(0, index - AROUND), Math.min(lines.size(), index + AROUND + 1)).stream()
                .anyMatch(line -> line.kind() != LineKind.SAME);
    }
}
