package io.switchboard.capacity.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.capacity.model.Rejections.Reason;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with the data, no reservation falls below the largest plausible use, and what was wrong is said. */
class AdversarialTests {

    private static final Load TOP = Load.calls(240, 12);
    private static final int CPU = column("cpu_cores_used");

    @Test
    void numbersThatAreNoneAreCounted() {
        assertSafe(everySeventh(CPU, value -> "NaN"), Reason.UNREADABLE);
        assertSafe(everySeventh(CPU, value -> "Infinity"), Reason.UNREADABLE);
        assertSafe(everySeventh(CPU, value -> "n/a"), Reason.UNREADABLE);
    }

    @Test
    void negativeUseAndNegativeLoadAreCounted() {
        assertSafe(everySeventh(CPU, value -> "-" + value), Reason.NEGATIVE);
        assertSafe(everySeventh(column("concurrent_calls"), value -> "-5"), Reason.NEGATIVE);
    }

    @Test
    void aHundredfoldSecondNowAndThenIsAnOutlier() {
        var poisoned = everySeventh(CPU, value -> String.valueOf(100 * Double.parseDouble(value)));

        assertSafe(poisoned, Reason.OUTLIER);
        // Nor may it blow the plan up: the largest true second is below 0.4 core.
        assertThat(reservation(poisoned, Resource.CPU)).isLessThan(1);
    }

    @Test
    void timeGoingBackwardsIsPutInOrder() {
        assertSafe(reversed(), Reason.OUT_OF_ORDER);
        assertThat(reservation(reversed(), Resource.CPU)).isEqualTo(reservation(rows -> rows, Resource.CPU));
    }

    @Test
    void repeatedRowsCountOnce() {
        UnaryOperator<List<String>> twice = rows -> {
            var all = new ArrayList<>(rows);
            all.addAll(rows);
            return all;
        };

        assertSafe(twice, Reason.DUPLICATE);
        assertThat(reservation(twice, Resource.CPU)).isEqualTo(reservation(rows -> rows, Resource.CPU));
    }

    @Test
    void memoryInAnotherUnitNowAndThenIsFound() {
        int memory = column("mem_bytes");

        assertSafe(everySeventh(memory, value -> String.valueOf(Double.parseDouble(value) / 1024)), Reason.MIXED_UNIT);
        var larger = everySeventh(memory, value -> String.valueOf(Double.parseDouble(value) * 1024));
        assertSafe(larger, Reason.MIXED_UNIT);
        assertThat(reservation(larger, Resource.MEMORY)).isLessThan(100);
    }

    @Test
    void constantColumnsGiveAConstant() {
        var file = Measured.relay(everyRow(column("concurrent_calls"), value -> "50")
                .andThen(everyRow(column("net_rx_pps"), value -> "5000"))
                .andThen(everyRow(column("call_rate"), value -> "1"))
                .andThen(rows -> rows)::apply);

        var model = Learning.NOMINAL.fit(samples(file), Resource.CPU);

        assertThat(model.reservation(Load.calls(50, 1))).isGreaterThanOrEqualTo(largest(samples(file), Resource.CPU));
        assertThat(notes(file)).anyMatch(note -> note.contains("constant"));
    }

    @Test
    void aConstantUseIsReservedInFull() {
        var file = Measured.relay(everyRow(CPU, value -> "0.2"));

        var model = Learning.NOMINAL.fit(samples(file), Resource.CPU);

        assertThat(model.bound(TOP)).isBetween(0.2, 0.22);
    }

    @Test
    void twoLoadsAreTooFewAndSaySo() {
        UnaryOperator<List<String>> two = rows -> rows.stream()
                .filter(row -> List.of("4", "9").contains(row.split(",", -1)[column("level")]))
                .toList();

        assertSafe(two, null);
        assertThat(notes(Measured.relay(two))).anyMatch(note -> note.startsWith("2 loads measured"));
    }

    @Test
    void rowsInAnyOrderGiveTheSameModel() {
        UnaryOperator<List<String>> shuffled = rows -> {
            var all = new ArrayList<>(rows);
            Collections.shuffle(all, new Random(1));
            return all;
        };

        assertThat(reservation(shuffled, Resource.CPU)).isEqualTo(reservation(rows -> rows, Resource.CPU));
    }

    @Test
    void missingColumnsAreDoneWithout() {
        for (var missing : List.of(
                "net_rx_pps",
                "net_tx_pps",
                "call_rate",
                "peak_calls",
                "lifetime",
                "level",
                "phase",
                "codec",
                "timestamp",
                "run")) {
            var lines = Measured.relayLines();
            var header = lines.getFirst().replace(missing, "other");
            var changed = new ArrayList<>(lines);
            changed.set(0, header);
            var file = Measured.parse(changed);
            var samples = file.samples().firstEntry().getValue();
            var model = Learning.NOMINAL.fit(samples, Resource.CPU);

            assertThat(model.reservation(TOP)).as(missing).isGreaterThanOrEqualTo(largest(samples, Resource.CPU));
            // A hold-out that lacks the column is judged all the same.
            var whole = Learning.NOMINAL.fit(Measured.relay(), Resource.CPU);
            assertThat(Holdout.of(whole, samples).coverage()).as(missing).isGreaterThan(0.97);
        }
    }

    @Test
    void aModeThatWasNotMeasuredStartsFromItsSibling() {
        var other = Measured.relay(everyRow(column("codec"), value -> "PCMA"));

        var judged = Fitted.all(Learning.NOMINAL, Measured.parse(Measured.relayLines()), other);

        assertThat(judged).hasSize(4).allSatisfy(one -> {
            assertThat(one.kind().mode()).isEqualTo("PCMA");
            assertThat(one.notes()).anyMatch(note -> note.contains("was not measured"));
            assertThat(one.judged().coverage()).isGreaterThan(0.98);
        });
    }

    @Test
    void whatIsNoTableIsRefusedInWords() {
        assertThatExceptionOfType(UnreadableSamples.class)
                .isThrownBy(() -> Measured.parse(List.of("a,b", "1,2")))
                .withMessageContaining("service");
        assertThatExceptionOfType(UnreadableSamples.class)
                .isThrownBy(() -> SampleFile.read(new StringReader("")))
                .withMessageContaining("empty");
    }

    private static void assertSafe(UnaryOperator<List<String>> change, @Nullable Reason reported) {
        var file = Measured.relay(change);
        var samples = samples(file);
        for (var resource : List.of(Resource.CPU, Resource.MEMORY)) {
            assertThat(reservation(change, resource)).isGreaterThanOrEqualTo(largest(samples, resource));
        }
        if (reported != null) {
            assertThat(Objects.requireNonNull(file.rejections().get(Measured.RELAY))
                            .counts())
                    .containsKey(reported);
        }
    }

    private static double reservation(UnaryOperator<List<String>> change, Resource resource) {
        return Learning.NOMINAL.fit(samples(Measured.relay(change)), resource).reservation(TOP);
    }

    private static double largest(Samples samples, Resource resource) {
        return IntStream.range(0, samples.size())
                .mapToDouble(row -> samples.use(resource, row))
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElseThrow();
    }

    private static List<String> notes(SampleFile file) {
        return Fitted.all(Learning.NOMINAL, file).stream()
                .flatMap(one -> one.notes().stream())
                .toList();
    }

    private static Samples samples(SampleFile file) {
        return Objects.requireNonNull(file.samples().get(Measured.RELAY));
    }

    private static int column(String name) {
        return List.of(Measured.relayLines().getFirst().split(",", -1)).indexOf(name);
    }

    private static UnaryOperator<List<String>> reversed() {
        return rows -> rows.reversed();
    }

    private static UnaryOperator<List<String>> everySeventh(int column, UnaryOperator<String> change) {
        return rows -> IntStream.range(0, rows.size())
                .mapToObj(row -> row % 7 == 3 ? changed(rows.get(row), column, change) : rows.get(row))
                .toList();
    }

    private static UnaryOperator<List<String>> everyRow(int column, UnaryOperator<String> change) {
        return rows -> rows.stream().map(row -> changed(row, column, change)).toList();
    }

    private static String changed(String row, int column, UnaryOperator<String> change) {
        var cells = row.split(",", -1);
        cells[column] = change.apply(cells[column]);
        return String.join(",", cells);
    }
}
