package io.switchboard.config.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.namespace.Namespaces.Connected;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.ClientReport.Health;
import io.switchboard.configprotocol.ClientReport.Trials;
import io.switchboard.contracts.config.CanaryApi.CanaryView;
import io.switchboard.contracts.config.CanaryApi.Choice;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A canary of release 8 for what has the label {@code zone=eu}, given at noon, with a minute to confirm it. */
class CanaryVerdictTests {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(61);

    @Test
    void itIsProvenOnceAllThatAreChosenRunIt() {
        assertThat(verdict(NOON, at("a", 8), at("b", 7))).isInstanceOf(CanaryVerdict.Open.class);
        assertThat(verdict(LATER, at("a", 8), at("b", 8))).isInstanceOf(CanaryVerdict.Proven.class);
    }

    @Test
    void whoIsNotChosenOrTakesNoCanariesHasNoSay() {
        var elsewhere =
                new ClientReport("us", 7, NOON, Optional.empty(), Optional.empty(), trials("us", 0, Health.UNKNOWN));
        var old = new ClientReport("old", 7, NOON, Optional.empty());

        assertThat(verdict(LATER, at("a", 8), at("b", 8), elsewhere, old)).isInstanceOf(CanaryVerdict.Proven.class);
    }

    @Test
    void oneThatRefusesItEndsIt() {
        var refusal = new ClientReport(
                "b",
                7,
                NOON,
                Optional.of("routing.attempts is no number"),
                Optional.empty(),
                trials("eu", 8, Health.UNKNOWN));

        assertThat(verdict(NOON, at("a", 8), refusal))
                .isEqualTo(new CanaryVerdict.Failed("Client 'b' can't take it over: routing.attempts is no number."));
        var another = new ClientReport(
                "b", 6, NOON, Optional.of("earlier"), Optional.empty(), trials("eu", 7, Health.UNKNOWN));
        assertThat(verdict(NOON, at("a", 8), another)).isInstanceOf(CanaryVerdict.Open.class);
    }

    @Test
    void oneThatIsNotHealthyEndsItAlsoOnceItWasProven() {
        var ill = new ClientReport("b", 8, NOON, Optional.empty(), Optional.empty(), trials("eu", 0, Health.DOWN));

        assertThat(verdict(entry(Optional.of(NOON), List.of(), List.of("a", "b")), LATER, at("a", 8), ill))
                .isEqualTo(new CanaryVerdict.Failed("Client 'b' runs it and is not healthy."));
    }

    @Test
    void oneThatDoesNotConfirmInTimeEndsItButOneThatWasStartedMeanwhileHasAsLong() {
        assertThat(verdict(LATER, at("a", 8), at("b", 7)))
                .isEqualTo(new CanaryVerdict.Failed("Client 'b' did not confirm it within 60 seconds."));
        var fresh = new Connected(at("c", 7), NOON.plusSeconds(30));
        assertThat(verdict(
                        entry(Optional.empty(), List.of("a", "b"), List.of()),
                        LATER,
                        List.of(known(at("a", 8)), known(at("b", 8)), fresh)))
                .isInstanceOf(CanaryVerdict.Open.class);
    }

    @Test
    void whenOneWasStartedItsOwnClockHasNoSayIn() {
        var ahead = new ClientReport(
                "b", 7, LATER.plusSeconds(3600), Optional.empty(), Optional.empty(), trials("eu", 0, Health.UNKNOWN));

        assertThat(verdict(LATER, at("a", 8), ahead))
                .isEqualTo(new CanaryVerdict.Failed("Client 'b' did not confirm it within 60 seconds."));
    }

    @Test
    void whyOneIsNotHealthyIsSaidIfItSaysSo() {
        var silent = new ClientReport(
                "b", 8, NOON, Optional.of("no answer"), Optional.empty(), trials("eu", 0, Health.DOWN));

        assertThat(verdict(NOON, at("a", 8), silent))
                .isEqualTo(new CanaryVerdict.Failed("Client 'b' runs it and is not healthy: no answer."));
    }

    @Test
    void oneThatIsGoneBeforeItConfirmedEndsIt() {
        assertThat(verdict(NOON, at("a", 8))).isInstanceOf(CanaryVerdict.Open.class);
        assertThat(verdict(LATER, at("a", 8)))
                .isEqualTo(new CanaryVerdict.Failed("Client 'b' is gone and did not confirm it."));
    }

    @Test
    void oneThatIsGoneAfterItConfirmedUnprovesItWhileThereIsTimeAndNeverEndsIt() {
        CanaryLog.Entry proven = entry(Optional.of(NOON), List.of(), List.of("a", "b"));
        assertThat(verdict(proven, NOON, at("a", 8))).isInstanceOf(CanaryVerdict.Unproven.class);
        assertThat(verdict(proven, LATER, at("a", 8))).isInstanceOf(CanaryVerdict.Proven.class);

        CanaryLog.Entry unproven = entry(Optional.empty(), List.of("a"), List.of("b"));
        assertThat(verdict(unproven, NOON, at("a", 8))).isInstanceOf(CanaryVerdict.Unproven.class);
        assertThat(verdict(unproven, LATER, at("a", 8))).isInstanceOf(CanaryVerdict.Unproven.class);
        assertThat(verdict(unproven, LATER, at("a", 8), at("b", 8))).isInstanceOf(CanaryVerdict.Proven.class);
    }

    @Test
    void whoConfirmedIsRememberedFromLookToLook() {
        CanaryLog.Entry begun = entry(Optional.empty(), List.of("a", "b"), List.of());

        CanaryLog.Entry once = begun.looked(begun.canary(), Map.of("application", Set.of("b")));
        CanaryLog.Entry twice = once.looked(once.canary(), Map.of("application", Set.of("a")));

        assertThat(once.expectedIn("application")).containsExactly("a");
        assertThat(once.confirmedIn("application")).containsExactly("b");
        assertThat(twice.expectedIn("application")).isEmpty();
        assertThat(twice.confirmedIn("application")).containsExactly("b", "a");
    }

    private static CanaryVerdict verdict(Instant now, ClientReport... reports) {
        return verdict(entry(Optional.empty(), List.of("a", "b"), List.of()), now, reports);
    }

    private static CanaryVerdict verdict(CanaryLog.Entry entry, Instant now, ClientReport... reports) {
        return verdict(
                entry,
                now,
                Arrays.stream(reports).map(CanaryVerdictTests::known).toList());
    }

    private static CanaryVerdict verdict(CanaryLog.Entry entry, Instant now, List<Connected> connected) {
        return CanaryVerdict.of(entry, CanaryVerdict.clients(entry, Map.of("application", connected), now), now);
    }

    /** As one that was there before the canary. */
    private static Connected known(ClientReport report) {
        return new Connected(report, NOON.minusSeconds(3600));
    }

    private static ClientReport at(String client, long release) {
        return new ClientReport(client, release, NOON, Optional.empty(), Optional.empty(), trials("eu", 0, Health.UP));
    }

    private static Optional<Trials> trials(String zone, long refused, Health health) {
        return Optional.of(new Trials(
                new TreeMap<>(Map.of("zone", zone)),
                refused == 0 ? OptionalLong.empty() : OptionalLong.of(refused),
                health));
    }

    private static CanaryLog.Entry entry(Optional<Instant> provenAt, List<String> expected, List<String> confirmed) {
        CanaryView canary = CanaryView.begun(
                        "night",
                        Choice.ofLabel("zone=eu"),
                        new TreeMap<>(Map.of("application", 8L)),
                        "",
                        "ann",
                        NOON,
                        60)
                .proven(provenAt);
        return new CanaryLog.Entry(
                canary,
                new TreeMap<>(Map.of("application", expected)),
                Optional.of(new TreeMap<>(Map.of("application", confirmed))),
                Optional.empty(),
                Optional.empty());
    }
}
