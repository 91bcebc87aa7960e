package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.model.SampleFile;
import io.switchboard.capacity.model.UnreadableSamples;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Samples as they come over the wire, in CSV or JSON with the same columns. */
final class SampleRows {

    private SampleRows() {}

    /** @throws Problem {@link CapacityProblem#SAMPLES_UNREADABLE} */
    static SampleFile of(byte[] csv) {
        return read(new InputStreamReader(new ByteArrayInputStream(csv), StandardCharsets.UTF_8));
    }

    /** @throws Problem if a field is neither a number, a text nor null, or a needed column is missing */
    static SampleFile of(List<Map<String, Object>> rows) {
        var columns = new LinkedHashSet<String>();
        rows.forEach(row -> {
            if (row == null) {
                throw RequestProblem.invalid("[%d]".formatted(rows.indexOf(null)), "must be an object");
            }
            columns.addAll(row.keySet());
        });
        var csv = new StringBuilder(rows.size() * 64);
        line(csv, columns);
        for (int index = 0; index < rows.size(); index++) {
            line(csv, cells(rows.get(index), columns, index));
        }
        return read(new StringReader(csv.toString()));
    }

    /** By reason, of all kinds together. */
    static Map<String, Long> rejected(SampleFile file) {
        var counts = new TreeMap<String, Long>();
        file.rejections()
                .values()
                .forEach(rejections -> rejections
                        .counts()
                        .forEach((reason, count) ->
                                counts.merge(reason.name().toLowerCase(Locale.ROOT), count, Long::sum)));
        return counts;
    }

    private static SampleFile read(Reader text) {
        try {
            return SampleFile.read(text);
        } catch (UnreadableSamples e) {
            var why = String.valueOf(e.getMessage());
            throw new Problem(
                    CapacityProblem.SAMPLES_UNREADABLE,
                    why.substring(0, 1).toUpperCase(Locale.ROOT) + why.substring(1) + ".");
        } catch (IOException e) {
            throw new UncheckedIOException("a body in memory can be read", e);
        }
    }

    private static List<String> cells(Map<String, Object> row, Set<String> columns, int index) {
        return columns.stream()
                .map(column -> switch (row.get(column)) {
                    case null -> "";
                    case Number number -> number.toString();
                    case String text -> text;
                    default ->
                        throw RequestProblem.invalid(
                                "[%d].%s".formatted(index, column.length() <= 40 ? column : column.substring(0, 40)),
                                "must be a number, a text or null");
                })
                .toList();
    }

    private static void line(StringBuilder csv, Iterable<String> cells) {
        char before = '\n';
        for (var cell : cells) {
            if (before == ',') {
                csv.append(',');
            }
            csv.append('"').append(cell.replace("\"", "\"\"")).append('"');
            before = ',';
        }
        csv.append('\n');
    }
}
