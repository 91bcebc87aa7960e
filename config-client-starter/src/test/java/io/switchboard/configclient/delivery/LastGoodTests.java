package io.switchboard.configclient.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the next start finds when what was to be kept for it could not be written. */
class LastGoodTests {

    private static final NamespacePath HOURS = new NamespacePath("acme", "desk", "prod", "hours");
    private static final NamespacePath ROUTING = HOURS.sibling("routing");

    @TempDir
    private Path directory;

    @Test
    void ofReleasesThatBelongTogetherNoneIsKeptBeforeAllAreWritten() throws Exception {
        var cache = new ReleaseCache(directory);
        cache.write(List.of(release(HOURS, 1), release(ROUTING, 1)));

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> cache.write(andOneThatCantBeWritten(release(HOURS, 2))));

        assertThat(number(HOURS)).isEqualTo(1);
        assertThat(number(ROUTING)).isEqualTo(1);
        assertThat(files()).isEqualTo(2);
    }

    @Test
    void releasesThatBelongTogetherAreAllKeptOnceTheyCanBe() throws Exception {
        var kept = new LastGood(directory, new Troubles());
        kept.add(release(HOURS, 1));
        kept.add(release(ROUTING, 1));
        kept.keep();
        Path hours = directory.resolve("acme.desk.prod.hours.release");
        Files.delete(hours);
        Files.createDirectory(hours);
        kept.add(release(HOURS, 2));
        kept.add(release(ROUTING, 2));

        kept.keep();

        assertThat(files()).isEqualTo(2);

        Files.delete(hours);
        kept.keep();

        assertThat(number(HOURS)).isEqualTo(2);
        assertThat(number(ROUTING)).isEqualTo(2);
        assertThat(files()).isEqualTo(2);
    }

    @Test
    void whatCouldNotBeKeptIsKeptLaterUnlessSomethingNewerIs() throws Exception {
        Path inTheWay = Files.createFile(directory.resolve("cache"));
        var kept = new LastGood(inTheWay, new Troubles());
        kept.add(release(HOURS, 1));
        kept.add(release(ROUTING, 1));
        kept.keep();
        kept.add(release(HOURS, 2));

        Files.delete(inTheWay);
        kept.keep();

        var cache = new ReleaseCache(inTheWay);
        assertThat(cache.read(HOURS).orElseThrow().number()).isEqualTo(2);
        assertThat(cache.read(ROUTING).orElseThrow().number()).isEqualTo(1);
    }

    /** Fails when its turn comes, which is the last one: as on a disk that is full by then. */
    private static List<Release> andOneThatCantBeWritten(Release first) {
        return new AbstractList<>() {

            @Override
            public Release get(int index) {
                if (index > 0) {
                    throw new UncheckedIOException(new IOException("no space left"));
                }
                return first;
            }

            @Override
            public int size() {
                return 2;
            }
        };
    }

    private long number(NamespacePath path) throws Exception {
        return new ReleaseCache(directory).read(path).orElseThrow().number();
    }

    private long files() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }

    private static Release release(NamespacePath path, long number) {
        return new Release(
                path, number, "ann", "", Instant.EPOCH, Items.of(Map.of("stamp", "" + number)), OptionalLong.empty());
    }
}
