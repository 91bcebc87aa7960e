package io.switchboard.access.balancer;

import static io.switchboard.access.testing.Examples.newInstanceId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.MovingClock;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingHistoryTests {

    private static final String HOST = "desk.acme.switchboard.localhost";
    private static final long ROOMY = 1 << 20;

    @TempDir
    Path directory;

    private final UUID desk = newInstanceId();
    private final MovingClock clock = new MovingClock(Instant.EPOCH);

    @Test
    void tellsWhoServesAnAddressSinceWhenAndWhoDidBefore() {
        var history = history(ROOMY);
        history.note(upstream(desk, endpoint("a", State.READY)));
        clock.pass(Duration.ofSeconds(10));
        history.note(upstream(desk, endpoint("a", State.DRAINING), endpoint("b", State.READY)));
        clock.pass(Duration.ofSeconds(10));
        history.note(upstream(desk, endpoint("b", State.READY)));

        assertThat(history.of(HOST))
                .satisfiesExactly(
                        b -> {
                            assertThat(b.taskId()).isEqualTo("b");
                            assertThat(b.since()).isEqualTo(at(10));
                            assertThat(b.drainingSince()).isNull();
                            assertThat(b.end()).isEmpty();
                        },
                        a -> {
                            assertThat(a.taskId()).isEqualTo("a");
                            assertThat(a.since()).isEqualTo(at(0));
                            assertThat(a.drainingSince()).isEqualTo(at(10));
                            assertThat(a.end()).contains(at(20));
                        });
        assertThat(history.of("other.acme.switchboard.localhost")).isEmpty();
    }

    @Test
    void isTheSameAfterARestart() {
        var history = history(ROOMY);
        history.note(upstream(desk, endpoint("a", State.READY)));
        history.save();
        var before = history.of(HOST);
        clock.pass(Duration.ofSeconds(60));

        var again = history(ROOMY);
        again.note(upstream(desk, endpoint("a", State.READY)));

        assertThat(again.of(HOST)).isEqualTo(before).hasSize(1);
        again.note(upstream(desk));
        assertThat(again.of(HOST))
                .singleElement()
                .satisfies(a -> assertThat(a.end()).contains(at(60)));
    }

    @Test
    void aLineThatACrashCutShortHarmsNoOther() throws IOException {
        var history = history(ROOMY);
        history.note(upstream(desk, endpoint("a", State.READY)));
        history.save();
        Files.writeString(directory.resolve("history.jsonl"), "{\"place\":\"desk.ac", StandardOpenOption.APPEND);

        var again = history(ROOMY);
        again.note(upstream(desk, endpoint("a", State.READY), endpoint("b", State.READY)));
        again.save();

        assertThat(history(ROOMY).of(HOST)).extracting(Serving::taskId).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void whatIsNoTextSpoilsItsOwnLineOnly() throws IOException {
        var history = history(ROOMY);
        history.note(upstream(desk, endpoint("a", State.READY)));
        history.save();
        Files.write(directory.resolve("history.jsonl"), new byte[] {(byte) 0xff, '\n'}, StandardOpenOption.APPEND);

        assertThat(history(ROOMY).of(HOST)).extracting(Serving::taskId).containsExactly("a");
    }

    @Test
    void beginsAnewIfItsFilesCannotBeRead() throws IOException {
        Files.createDirectory(directory.resolve("history.1.jsonl"));

        var history = history(ROOMY);
        history.note(upstream(desk, endpoint("a", State.READY)));
        history.save();

        assertThat(directory.resolve("history.jsonl")).content().contains("\"a\"");
    }

    @Test
    void keepsNoMoreThanAFileHoldsWhileTheDiskTakesNothing() throws IOException {
        var history = history(20_000);
        Files.createDirectory(directory.resolve("history.jsonl"));
        for (int change = 0; change < 500; change++) {
            clock.pass(Duration.ofSeconds(1));
            history.note(upstream(desk, endpoint("t" + change, State.READY)));
        }
        assertThatThrownBy(history::save).isInstanceOf(UncheckedIOException.class);
        Files.delete(directory.resolve("history.jsonl"));

        history.save();

        assertThat(Files.readAllLines(directory.resolve("history.jsonl")))
                .hasSize(100)
                .last()
                .asString()
                .contains("\"t499\"");
    }

    @Test
    void staysWithinItsSizeAndKeepsWhatGoesOn() throws IOException {
        long most = 20_000;
        var history = history(most);
        for (int change = 0; change < 500; change++) {
            clock.pass(Duration.ofSeconds(1));
            history.note(upstream(desk, endpoint("stays", State.READY), endpoint("t" + change, State.READY)));
            history.save();
        }

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(2 * most + 2_000);
        }
        var kept = history(most).of(HOST);
        assertThat(kept).hasSizeBetween(50, 400);
        assertThat(kept)
                .filteredOn(serving -> serving.end().isEmpty())
                .extracting(Serving::taskId)
                .containsExactly("t499", "stays");
        assertThat(kept)
                .filteredOn(serving -> serving.taskId().equals("stays"))
                .singleElement()
                .satisfies(stays -> assertThat(stays.since()).isEqualTo(at(1)));
    }

    @Test
    void anAddressThatALaterInstanceTookIsNoLongerTheEarliers() {
        var history = history(ROOMY);
        var later = newInstanceId();
        history.note(upstream(desk, endpoint("a", State.READY)));
        clock.pass(Duration.ofSeconds(5));
        history.note(upstream(later, endpoint("b", State.READY)));
        history.note(upstream(desk, endpoint("a", State.READY)));

        assertThat(history.of(HOST)).extracting(Serving::taskId).containsExactly("b", "a");
        assertThat(history.of(HOST).getLast().end()).contains(at(5));
    }

    @Test
    void whatIsRemovedOrKnownNoMoreServesNothing() {
        var history = history(ROOMY);
        var other = newInstanceId();
        history.note(upstream(desk, endpoint("a", State.READY)));
        history.note(new Upstream(
                other,
                "acme",
                "line",
                "acd",
                1,
                Instant.EPOCH,
                List.of(new Route.Port("sip", 22_017)),
                List.of(new Endpoint("x", "sip", "10.0.0.8", 5060, State.READY)),
                false));
        clock.pass(Duration.ofSeconds(5));

        history.note(removed(desk));
        history.forgetOthers(List.of(desk));

        assertThat(history.of(HOST))
                .singleElement()
                .satisfies(a -> assertThat(a.end()).contains(at(5)));
        assertThat(history.of(":22017")).singleElement().satisfies(x -> {
            assertThat(x.endpoint()).isEqualTo("10.0.0.8:5060");
            assertThat(x.end()).contains(at(5));
        });
    }

    private ServingHistory history(long most) {
        return new ServingHistory(directory, most, clock);
    }

    private static Endpoint endpoint(String task, State state) {
        return new Endpoint(task, "http", "10.0.0.7", 31_002, state);
    }

    private static Upstream upstream(UUID id, Endpoint... endpoints) {
        return new Upstream(
                id,
                "acme",
                "desk",
                "acd",
                1,
                Instant.EPOCH,
                List.of(new Route.Host("http", HOST)),
                List.of(endpoints),
                false);
    }

    private static Upstream removed(UUID id) {
        return new Upstream(
                id, "acme", "desk", "acd", 2, Instant.EPOCH, List.of(new Route.Host("http", HOST)), List.of(), true);
    }

    private static Instant at(long seconds) {
        return Instant.EPOCH.plusSeconds(seconds);
    }
}
