package io.switchboard.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.LogPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskLogTests {

    @Test
    void nothingWrittenIsNothing(@TempDir Path directory) {
        assertThat(new TaskLog(directory).tail(10)).isEmpty();
    }

    @Test
    void givesTheLastLines(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("log"), "one\ntwo\nthree ☎");

        assertThat(new TaskLog(directory).tail(2)).containsExactly("two", "three ☎");
    }

    @Test
    void keepsTheOlderHalfWhenItIsCapped(@TempDir Path directory) throws IOException {
        TaskLog log = new TaskLog(directory);
        Files.writeString(directory.resolve("log"), lines(1, 100));

        log.cap(100);
        Files.writeString(directory.resolve("log"), lines(101, 103), StandardOpenOption.APPEND);

        assertThat(log.tail(5)).containsExactly("99", "100", "101", "102", "103");
        assertThat(Files.size(directory.resolve("log"))).isLessThan(100);
    }

    @Test
    void aLongLogIsReadFromItsEnd(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("log"), lines(1, 200_000));

        assertThat(new TaskLog(directory).tail(3)).containsExactly("199998", "199999", "200000");
    }

    @Test
    void isReadOnFromWhereItWas(@TempDir Path directory) throws IOException {
        TaskLog log = new TaskLog(directory);
        Path file = directory.resolve("log");
        Files.writeString(file, lines(1, 5) + "not yet");

        LogPart first = log.after(Optional.empty(), 2);
        assertThat(first.lines()).containsExactly("4", "5");
        Files.writeString(file, " complete\nnext", StandardOpenOption.APPEND);
        LogPart second = log.after(Optional.of(first.end()), 100);
        assertThat(second.lines()).containsExactly("not yet complete");
        LogPart third = log.after(Optional.of(second.end()), 100);
        assertThat(third.lines()).as("a line that rests is one").containsExactly("next");
        assertThat(log.after(Optional.of(third.end()), 100).lines()).isEmpty();
    }

    @Test
    void isReadOnAfterItWasCapped(@TempDir Path directory) throws IOException {
        TaskLog log = new TaskLog(directory);
        Path file = directory.resolve("log");
        Files.writeString(file, lines(1, 98));
        LogPart first = log.after(Optional.empty(), 1);
        Files.writeString(file, lines(99, 100), StandardOpenOption.APPEND);

        log.cap(100);
        Files.writeString(file, lines(101, 103), StandardOpenOption.APPEND);

        assertThat(log.after(Optional.of(first.end()), 100).lines()).containsExactly("99", "100", "101", "102", "103");
    }

    private static String lines(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(n -> n + "\n").collect(Collectors.joining());
    }
}
