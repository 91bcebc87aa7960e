package io.switchboard.bench;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** The best of many simple forms for each service, mode and resource, as {@code model-fits.csv} has them. */
record ReferenceFits(SortedMap<Subject, Best> best) {

    /** What was modelled. */
    record Subject(String service, String mode, String resource) implements Comparable<Subject> {
        @Override
        public int compareTo(Subject other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return service + ", " + mode + ", " + resource;
        }
    }

    /** The form with the least cross-validated error, in percent. */
    record Best(String form, double error) {}

    static ReferenceFits read(Path file) throws IOException {
        var best = new TreeMap<Subject, Best>();
        try (var rows = CsvReader.builder().ofNamedCsvRecord(file)) {
            for (NamedCsvRecord row : rows) {
                var subject = new Subject(row.getField("service"), row.getField("mode"), row.getField("target"));
                var one = new Best(row.getField("model"), Double.parseDouble(row.getField("cv_mape_pct")));
                best.merge(subject, one, (known, other) -> other.error < known.error ? other : known);
            }
        }
        return new ReferenceFits(best);
    }
}
