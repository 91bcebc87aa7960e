package io.switchboard.configclient.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.configclient.delivery.Center.Reading;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Choice;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is fetched at a moment of each client's own, because all of them have to fetch it. */
class DueTests {

    private static final NamespacePath HOURS = new NamespacePath("acme", "desk", "prod", "hours");
    private static final NamespacePath ROUTING = HOURS.sibling("routing");

    private boolean fits = true;

    private final Running running = new Running(
            List.of(started(HOURS), started(ROUTING)),
            releases -> fits ? new Outcome.TakenOver(Set.of()) : new Outcome.Refused("too late"),
            Clock.systemUTC());
    private final Canaries canaries = canaries(running);

    @Test
    void whatComesWithItsPointerIsNotFetchedAndWhatIsLargeIs() {
        assertThat(due(inEffect(small(HOURS, 2))).hasToBeFetched()).isFalse();
        assertThat(due(inEffect(small(HOURS, 2)), inEffect(large(ROUTING, 2))).hasToBeFetched())
                .isTrue();
        assertThat(due(given(small(HOURS, 1), large(HOURS, 2))).hasToBeFetched())
                .isTrue();
        canaries.take(List.of(large(HOURS, 2)));
        assertThat(due(given(small(HOURS, 1), large(HOURS, 2))).hasToBeFetched())
                .isFalse();
    }

    @Test
    void whatWasRefusedIsFetchedOnlyWithSomethingThatMayMakeItFit() {
        refuse(large(HOURS, 2));

        Due alone = due(inEffect(large(HOURS, 2)), inEffect(small(ROUTING, 1)));
        Due beside = due(inEffect(large(HOURS, 2)), inEffect(small(ROUTING, 2)));
        Due besideACanary = due(inEffect(large(HOURS, 2)), given(small(ROUTING, 1), small(ROUTING, 2)));
        Due another = due(inEffect(large(HOURS, 3)));

        assertThat(alone.hasToBeFetched()).isFalse();
        assertThat(alone.refused()).extracting(Due.One::path).containsExactly(HOURS);
        assertThat(beside.hasToBeFetched()).isTrue();
        assertThat(beside.inEffect()).extracting(Due.One::path).containsExactly(HOURS, ROUTING);
        assertThat(besideACanary.hasToBeFetched()).isFalse();
        assertThat(besideACanary.given()).extracting(Due.One::path).containsExactly(ROUTING);
        assertThat(another.hasToBeFetched()).isTrue();
    }

    @Test
    void aLargeCanaryThatIsPromotedIsFetched() {
        canaries.take(List.of(large(HOURS, 2)));

        assertThat(due(inEffect(large(HOURS, 2))).hasToBeFetched()).isTrue();

        canaries.ended(HOURS);
        assertThat(due(inEffect(large(HOURS, 2))).hasToBeFetched()).isFalse();
    }

    private void refuse(Release release) {
        fits = false;
        running.take(List.of(release));
        fits = true;
    }

    private record Found(NamespacePath path, Reading reading) {}

    private static Found inEffect(Release release) {
        return new Found(release.path(), new Reading.There(current(release), Optional.empty()));
    }

    private static Found given(Release inEffect, Release canary) {
        return new Found(
                inEffect.path(),
                new Reading.There(current(inEffect), Optional.of(Canary.of("night", new Choice.Percent(100), canary))));
    }

    private static Current current(Release release) {
        boolean small = release.encode().length <= Current.LARGEST_INLINE;
        return new Current(release.pointer(), small ? Optional.of(release) : Optional.empty());
    }

    private Due due(Found... found) {
        Map<NamespacePath, Reading> readings = new LinkedHashMap<>();
        for (Found one : found) {
            readings.put(one.path(), one.reading());
        }
        return Due.of(new Center.Look(readings, 1), canaries, running);
    }

    private static RunningRelease started(NamespacePath path) {
        return new RunningRelease(
                path, small(path, 1).pointer(), Instant.EPOCH, RunningRelease.Source.ZOOKEEPER, Optional.empty());
    }

    /** Nothing that is asked of them here needs a connection. */
    private static Canaries canaries(Running running) {
        var coordinates = new Coordinates(
                "127.0.0.1:1",
                "acme",
                "desk",
                "prod",
                "user",
                "secret",
                Optional.empty(),
                "task-1",
                Map.of(),
                Path.of("cache"),
                Duration.ofSeconds(1),
                Duration.ofSeconds(4),
                Duration.ofMillis(200));
        var session = new Session(coordinates, () -> {}, () -> {});
        return new Canaries(new Center(session, new Troubles()), running, coordinates);
    }

    private static Release small(NamespacePath path, long number) {
        return release(path, number, "");
    }

    private static Release large(NamespacePath path, long number) {
        byte[] random = new byte[2 * Current.LARGEST_INLINE];
        new Random(7).nextBytes(random);
        return release(path, number, HexFormat.of().formatHex(random));
    }

    private static Release release(NamespacePath path, long number, String value) {
        return new Release(
                path, number, "ann", "", Instant.EPOCH, Items.of(Map.of("value", value)), OptionalLong.empty());
    }
}
