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
 * @param kind {@code added}, {@code changed} or {@code removed}
 * @param author who made it; null if that isn't known, or not asked
 * @param takenBack whether the release in effect took back exactly this
 */
record ChangeRow(
        String key,
        String kind,
        List<LineRow> lines,
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
        String kind = change.before().isEmpty() ? "added" : change.after().isEmpty() ? "removed" : "changed";
        return new ChangeRow(change.key(), kind, shown(change.lines().orElse(List.of())), author, takenBack);
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
