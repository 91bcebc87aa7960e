package io.switchboard.config.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.ClientReport.Health;
import io.switchboard.configprotocol.ClientReport.Trials;
import io.switchboard.contracts.config.CanaryApi.CanaryState;
import io.switchboard.contracts.config.CanaryApi.CanaryView;
import io.switchboard.contracts.config.CanaryApi.Choice;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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

        assertThat(CanaryVerdict.of(entry(Optional.of(NOON)), Map.of("application", List.of(at("a", 8), ill)), LATER))
                .isEqualTo(new CanaryVerdict.Failed("Client 'b' runs it and is not healthy."));
    }

    @Test
    void oneThatDoesNotConfirmInTimeEndsItButOneThatWasStartedMeanwhileHasAsLong() {
        assertThat(verdict(LATER, at("a", 8), at("b", 7)))
                .isEqualTo(new CanaryVerdict.Failed("Client 'b' did not confirm it within 60 seconds."));
        var fresh = new ClientReport(
                "c", 7, NOON.plusSeconds(30), Optional.empty(), Optional.empty(), trials("eu", 0, Health.UNKNOWN));
        assertThat(verdict(LATER, at("a", 8), at("b", 8), fresh)).isInstanceOf(CanaryVerdict.Open.class);
    }

    @Test
    void oneThatIsGoneBeforeItConfirmedEndsIt() {
        assertThat(verdict(NOON, at("a", 8))).isInstanceOf(CanaryVerdict.Open.class);
        assertThat(verdict(LATER, at("a", 8)))
                .isEqualTo(new CanaryVerdict.Failed("Client 'b' is gone and did not confirm it."));
        assertThat(CanaryVerdict.of(entry(Optional.of(NOON)), Map.of("application", List.of(at("a", 8))), LATER))
                .isInstanceOf(CanaryVerdict.Proven.class);
    }

    private static CanaryVerdict verdict(Instant now, ClientReport... reports) {
        return CanaryVerdict.of(entry(Optional.empty()), Map.of("application", Arrays.asList(reports)), now);
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

    private static CanaryLog.Entry entry(Optional<Instant> provenAt) {
        var canary = new CanaryView(
                "night",
                Choice.ofLabel("zone=eu"),
                new TreeMap<>(Map.of("application", 8L)),
                "",
                "ann",
                NOON,
                NOON,
                60,
                CanaryState.RUNNING,
                provenAt,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new CanaryLog.Entry(canary, new TreeMap<>(Map.of("application", List.of("a", "b"))));
    }
}
