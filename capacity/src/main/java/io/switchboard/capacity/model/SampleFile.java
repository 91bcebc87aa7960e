package io.switchboard.capacity.model;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.switchboard.capacity.model.Rejections.Reason;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Measured seconds from a CSV file with a header line, one row per second of one container.
 *
 * <p>Known columns may stand in any order; all but {@code service} and one of the consumption columns may be missing, and
 * others are ignored. Without {@code timestamp} the rows count as one second each, in their order.
 *
 * @param samples accepted seconds by kind
 * @param rejections by kind, what was put aside and why
 * @param rows rows read, accepted or not
 */
public record SampleFile(SortedMap<Kind, Samples> samples, SortedMap<Kind, Rejections> rejections, long rows) {

    private static final List<Driver> READ = List.of(
            Driver.CALLS,
            Driver.CALL_RATE,
            Driver.PACKETS_IN,
            Driver.PACKETS_OUT,
            Driver.MESSAGES,
            Driver.TALKING,
            Driver.QUEUED,
            Driver.PEAK_CALLS);

    /** @throws UnreadableSamples if the file is no CSV or lacks what every row needs */
    public static SampleFile read(Path file) throws IOException {
        try (var reader = Files.newBufferedReader(file)) {
            return read(reader);
        }
    }

    /** @throws UnreadableSamples if the text is no CSV or lacks what every row needs */
    public static SampleFile read(Reader text) throws IOException {
        try (var csv = CsvReader.builder().ofCsvRecord(text)) {
            var rows = csv.iterator();
            if (!rows.hasNext()) {
                throw new UnreadableSamples("the file is empty; its first line must name the columns");
            }
            var reading = new Reading(rows.next());
            while (rows.hasNext()) {
                reading.row(rows.next());
            }
            return reading.file();
        } catch (de.siegmar.fastcsv.reader.CsvParseException e) {
            throw new UnreadableSamples("the file is no CSV: " + e.getMessage());
        }
    }

    private static final class Reading {

        private final Map<String, Integer> columns = new HashMap<>();
        private final Map<Kind, SampleTable> tables = new HashMap<>();
        private final Map<String, Kind> kinds = new HashMap<>();
        private final List<Driver> drivers;
        private final List<Resource> resources;
        private final List<Quality> signs;
        private long rows;

        Reading(CsvRecord header) {
            for (int index = 0; index < header.getFieldCount(); index++) {
                columns.putIfAbsent(header.getField(index).strip(), index);
            }
            drivers = READ.stream()
                    .filter(driver ->
                            driver.column().filter(columns::containsKey).isPresent()
                                    || driver == Driver.CALL_RATE && columns.containsKey("call_rate_10s"))
                    .toList();
            resources = List.of(Resource.values()).stream()
                    .filter(resource -> columns.containsKey(resource.column()))
                    .toList();
            signs = List.of(Quality.values()).stream()
                    .filter(sign -> columns.containsKey(sign.column()))
                    .toList();
            if (!columns.containsKey("service") || resources.isEmpty()) {
                throw new UnreadableSamples("the first line must name the column service and at least one of "
                        + String.join(
                                ", ",
                                List.of(Resource.values()).stream()
                                        .map(Resource::column)
                                        .toList()));
            }
        }

        void row(CsvRecord row) {
            rows++;
            var service = text(row, "service");
            var codec = text(row, "codec");
            var kind = kinds.computeIfAbsent(service + ' ' + codec, key -> Kind.of(service, codec));
            var table = tables.computeIfAbsent(kind, key -> {
                var made = new SampleTable(kind);
                made.columns(drivers, resources, signs);
                return made;
            });
            double second = columns.containsKey("timestamp") ? number(row, "timestamp", table) : rows;
            if (service.isEmpty() || Double.isNaN(second)) {
                table.rejections().count(Reason.UNREADABLE);
                return;
            }
            var driving = new EnumMap<Driver, Double>(Driver.class);
            for (var driver : drivers) {
                driving.put(driver, driver(row, driver, table));
            }
            var used = new EnumMap<Resource, Double>(Resource.class);
            for (var resource : resources) {
                used.put(resource, number(row, resource.column(), table));
            }
            var quality = new EnumMap<Quality, Double>(Quality.class);
            for (var sign : signs) {
                quality.put(sign, number(row, sign.column(), table));
            }
            var life = text(row, "lifetime").isEmpty() ? text(row, "instance") : text(row, "lifetime");
            boolean steady = !text(row, "phase").equals("ramp");
            table.add(
                    second,
                    steady,
                    new SampleTable.Origin(text(row, "run"), life, text(row, "level")),
                    driving,
                    used,
                    quality);
        }

        private double driver(CsvRecord row, Driver driver, SampleTable table) {
            double value = number(row, driver.column().orElseThrow(), table);
            return Double.isNaN(value) && driver == Driver.CALL_RATE ? number(row, "call_rate_10s", table) : value;
        }

        private String text(CsvRecord row, String column) {
            Integer index = columns.get(column);
            return index == null || index >= row.getFieldCount() ? "" : row.getField(index);
        }

        /** An empty cell is not stated; anything else must be a finite number or is counted. */
        private double number(CsvRecord row, String column, SampleTable table) {
            var text = text(row, column);
            if (text.isEmpty()) {
                return Double.NaN;
            }
            try {
                double value = Double.parseDouble(text);
                if (Double.isFinite(value)) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // Counted with the other unreadable ones.
            }
            table.rejections().count(Reason.UNREADABLE);
            return Double.NaN;
        }

        SampleFile file() {
            var samples = new TreeMap<Kind, Samples>();
            var rejections = new TreeMap<Kind, Rejections>();
            tables.forEach((kind, table) -> {
                samples.put(kind, table.samples());
                rejections.put(kind, table.rejections());
            });
            return new SampleFile(samples, rejections, rows);
        }
    }
}
