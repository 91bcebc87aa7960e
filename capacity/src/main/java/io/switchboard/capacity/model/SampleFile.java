package io.switchboard.capacity.model;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.switchboard.capacity.model.Rejections.Reason;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** @throws UnreadableSamples if a file is no CSV or lacks what every row needs */
    public static SampleFile read(Path... files) throws IOException {
        var reading = new Reading();
        for (var file : files) {
            try (var reader = Files.newBufferedReader(file)) {
                reading.file(reader);
            }
        }
        return reading.result();
    }

    /** @throws UnreadableSamples if the text is no CSV or lacks what every row needs */
    public static SampleFile read(Reader text) throws IOException {
        var reading = new Reading();
        reading.file(text);
        return reading.result();
    }

    private static final class Reading {

        private static final List<Resource> RESOURCES = List.of(Resource.values());
        private static final List<Quality> SIGNS = List.of(Quality.values());

        private static final int NONE = -1;

        private final int[] driverColumns = new int[Driver.values().length];
        private final int[] resourceColumns = new int[RESOURCES.size()];
        private final int[] signColumns = new int[SIGNS.size()];
        private final Map<Kind, SampleTable> tables = new HashMap<>();
        private final Map<String, Kind> kinds = new HashMap<>();
        private int serviceColumn;
        private int codecColumn;
        private int timeColumn;
        private int phaseColumn;
        private int runColumn;
        private int levelColumn;
        private int lifeColumn;
        private int meanRateColumn;
        private long rows;

        void file(Reader text) throws IOException {
            try (var csv = CsvReader.builder().ofCsvRecord(text)) {
                var records = csv.iterator();
                if (!records.hasNext()) {
                    throw new UnreadableSamples("the file is empty; its first line must name the columns");
                }
                header(records.next());
                while (records.hasNext()) {
                    row(records.next());
                }
            } catch (CsvParseException e) {
                throw new UnreadableSamples("the file is no CSV: " + e.getMessage());
            }
        }

        private void header(CsvRecord header) {
            var columns = new HashMap<String, Integer>();
            for (int index = 0; index < header.getFieldCount(); index++) {
                columns.putIfAbsent(header.getField(index).strip(), index);
            }
            if (!columns.containsKey("service")
                    || RESOURCES.stream().map(Resource::column).noneMatch(columns::containsKey)) {
                throw new UnreadableSamples("the first line must name the column service and at least one of "
                        + String.join(
                                ", ", RESOURCES.stream().map(Resource::column).toList()));
            }
            serviceColumn = columns.getOrDefault("service", NONE);
            codecColumn = columns.getOrDefault("codec", NONE);
            timeColumn = columns.getOrDefault("timestamp", NONE);
            phaseColumn = columns.getOrDefault("phase", NONE);
            runColumn = columns.getOrDefault("run", NONE);
            levelColumn = columns.getOrDefault("level", NONE);
            lifeColumn = columns.getOrDefault("lifetime", columns.getOrDefault("instance", NONE));
            meanRateColumn = columns.getOrDefault("call_rate_10s", NONE);
            for (var driver : Driver.values()) {
                driverColumns[driver.ordinal()] = driver.column()
                        .map(name -> columns.getOrDefault(name, NONE))
                        .orElse(NONE);
            }
            for (var resource : RESOURCES) {
                resourceColumns[resource.ordinal()] = columns.getOrDefault(resource.column(), NONE);
            }
            for (var sign : SIGNS) {
                signColumns[sign.ordinal()] = columns.getOrDefault(sign.column(), NONE);
            }
        }

        private void row(CsvRecord row) {
            rows++;
            var service = text(row, serviceColumn);
            var codec = text(row, codecColumn);
            var kind = kinds.computeIfAbsent(service + ' ' + codec, key -> Kind.of(service, codec));
            var table = tables.computeIfAbsent(kind, key -> new SampleTable(kind, READ, RESOURCES, SIGNS));
            double second = timeColumn < 0 ? rows : number(row, timeColumn, table);
            if (service.isEmpty() || Double.isNaN(second)) {
                table.rejections().count(Reason.UNREADABLE);
                return;
            }
            var life = text(row, lifeColumn);
            table.add(
                    second,
                    !text(row, phaseColumn).equals("ramp"),
                    new SampleTable.Origin(text(row, runColumn), life, text(row, levelColumn)),
                    driver -> driver(row, driver, table),
                    resource -> number(row, resourceColumns[resource.ordinal()], table),
                    sign -> sign == Quality.CPU_USED
                            // Counted once already, as the resource that the same column is.
                            ? figure(text(row, signColumns[sign.ordinal()]))
                            : number(row, signColumns[sign.ordinal()], table));
        }

        private double driver(CsvRecord row, Driver driver, SampleTable table) {
            double value = number(row, driverColumns[driver.ordinal()], table);
            return Double.isNaN(value) && driver == Driver.CALL_RATE ? number(row, meanRateColumn, table) : value;
        }

        /** The cell of a column, empty if the file or the row has none. */
        private static String text(CsvRecord row, int column) {
            return column < 0 || column >= row.getFieldCount() ? "" : row.getField(column);
        }

        /** An empty cell is not stated; anything else must be a finite number or is counted. */
        private static double number(CsvRecord row, int column, SampleTable table) {
            var text = text(row, column);
            if (text.isEmpty()) {
                return Double.NaN;
            }
            double value = figure(text);
            if (Double.isNaN(value)) {
                table.rejections().count(Reason.UNREADABLE);
            }
            return value;
        }

        /** NaN for what is no finite number. */
        private static double figure(String text) {
            try {
                double value = Double.parseDouble(text);
                return Double.isFinite(value) ? value : Double.NaN;
            } catch (NumberFormatException e) {
                return Double.NaN;
            }
        }

        SampleFile result() {
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
