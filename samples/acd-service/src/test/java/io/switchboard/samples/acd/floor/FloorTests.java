package io.switchboard.samples.acd.floor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.samples.acd.routing.RoutingStrategy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FloorTests {

    private Instant now = Instant.parse("2026-03-02T09:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private AcdProperties settings = settings(RoutingStrategy.LONGEST_IDLE, Duration.ofSeconds(10), 2);
    private final Floor floor = new Floor(clock, () -> settings);

    @Test
    void aCallRingsAtAnIdleAgentAndOtherwiseWaits() {
        floor.logIn("ann", List.of("sales"));

        var first = offer("sales");
        var second = offer("sales");

        assertThat(state(first)).isInstanceOf(Call.Ringing.class);
        assertThat(state(second)).isInstanceOf(Call.Queued.class);
        assertThat(floor.queues()).isEqualTo(Map.of("sales", 1));
    }

    @Test
    void theWaitingCallRingsAfterTheWrapUp() {
        floor.logIn("ann", List.of("sales"));
        var first = offer("sales");
        var second = offer("sales");
        floor.answer(first);
        floor.end(first);

        pass(Duration.ofMillis(9_900));
        assertThat(state(second)).isInstanceOf(Call.Queued.class);

        pass(Duration.ofMillis(100));
        assertThat(state(second)).isInstanceOf(Call.Ringing.class);
    }

    @Test
    void theOldestCallThatTheAgentCanTakeComesFirst() {
        var billing = offer("billing");
        var sales = offer("sales");
        var later = offer("sales");

        floor.logIn("bob", List.of("sales"));

        assertThat(state(billing)).isInstanceOf(Call.Queued.class);
        assertThat(state(sales)).isInstanceOf(Call.Ringing.class);
        assertThat(state(later)).isInstanceOf(Call.Queued.class);
    }

    @Test
    void aFullQueueRefusesOnlyWhatWouldHaveToWait() {
        offer("sales");
        offer("sales");

        assertThat(floor.offer("+49", Optional.of("sales"))).isEqualTo(new Offer.QueueFull("sales", 2));
        assertThat(floor.offer("+49", Optional.of("billing"))).isInstanceOf(Offer.Taken.class);
        assertThat(floor.statistics().activeCalls()).isEqualTo(3);
        assertThat(floor.statistics().refused()).isEqualTo(1);
    }

    @Test
    void aCallThatIsNotPickedUpGoesToTheNextAgent() {
        floor.logIn("ann", List.of("sales"));
        var call = offer("sales");
        floor.logIn("bob", List.of("sales"));

        pass(Duration.ofSeconds(31));

        assertThat(state(call).holder()).contains("bob");
    }

    @Test
    void aCallThatWaitsTooLongIsGivenUp() {
        var call = offer("sales");

        pass(Duration.ofMinutes(11));

        assertThat(state(call))
                .isInstanceOfSatisfying(
                        Call.Ended.class, ended -> assertThat(ended.outcome()).isEqualTo(Call.Outcome.TIMED_OUT));
        assertThat(floor.statistics().abandoned()).isEqualTo(1);
        assertThat(floor.queues()).isEmpty();
    }

    @Test
    void hangingUpBeforeTheAnswerIsAnAbandonedCall() {
        floor.logIn("ann", List.of("sales"));
        var ringing = offer("sales");

        floor.end(ringing);
        floor.end(ringing);

        assertThat(floor.statistics().abandoned()).isEqualTo(1);
        assertThat(floor.statistics().answered()).isZero();
        assertThat(floor.statistics().activeCalls()).isZero();
    }

    @Test
    void anAgentWhoLogsOutWhileTalkingFinishesTheCall() {
        floor.logIn("ann", List.of("sales"));
        var call = offer("sales");
        floor.answer(call);

        floor.logOut("ann");
        assertThat(floor.agents()).extracting(Agent::leaving).containsExactly(true);

        floor.end(call);
        assertThat(floor.agents()).isEmpty();
    }

    @Test
    void aRingingCallOfAnAgentWhoLogsOutGoesToTheFrontOfTheQueue() {
        floor.logIn("ann", List.of("sales"));
        var ringing = offer("sales");
        var waiting = offer("sales");

        floor.logOut("ann");
        floor.logIn("bob", List.of("sales"));

        assertThat(state(ringing).holder()).contains("bob");
        assertThat(state(waiting)).isInstanceOf(Call.Queued.class);
    }

    @Test
    void loggingInAgainChangesSkillsAndNothingElse() {
        floor.logIn("ann", List.of("sales"));
        var call = offer("sales");
        floor.answer(call);

        floor.logIn("ann", List.of("billing"));

        assertThat(floor.agents())
                .containsExactly(new Agent("ann", List.of("billing"), new Agent.Talking(call), 1, false));
    }

    @Test
    void drainingRefusesNewCallsAndLetsTheOthersFinish() {
        floor.logIn("ann", List.of("sales"));
        var talking = offer("sales");
        floor.answer(talking);
        var waiting = offer("sales");

        floor.drain();

        assertThat(floor.offer("+49", Optional.of("sales"))).isInstanceOf(Offer.Draining.class);
        floor.end(talking);
        pass(Duration.ofSeconds(10));
        assertThat(state(waiting)).isInstanceOf(Call.Ringing.class);
        floor.end(waiting);
        assertThat(floor.statistics().activeCalls()).isZero();
    }

    @Test
    void anotherStrategyHoldsFromTheNextCallOnAndLeavesCallsAlone() {
        floor.logIn("ann", List.of("sales", "billing"));
        now = now.plus(Duration.ofSeconds(1));
        floor.logIn("bob", List.of("billing", "sales"));
        now = now.plus(Duration.ofSeconds(1));
        floor.logIn("cleo", List.of("billing"));
        var before = offer("billing");
        floor.answer(before);

        settings = settings(RoutingStrategy.SKILL_BASED, Duration.ZERO, 2);
        var after = offer("billing");

        assertThat(state(before).holder()).contains("ann");
        assertThat(state(before)).isInstanceOf(Call.Talking.class);
        assertThat(state(after).holder()).contains("cleo");
    }

    @Test
    void whoAsksForNoSkillWaitsInTheQueueOfTheSettings() {
        floor.offer("+49", Optional.empty());

        assertThat(floor.queues()).containsOnly(Map.entry("support", 1));
    }

    @Test
    void onlyAnswersWithinTheLimitCountAsInTime() {
        floor.logIn("ann", List.of("sales"));
        floor.logIn("bob", List.of("sales"));
        var soon = offer("sales");
        var late = offer("sales");
        floor.answer(soon);
        pass(Duration.ofSeconds(25));
        floor.answer(late);

        assertThat(floor.statistics().answered()).isEqualTo(2);
        assertThat(floor.statistics().answeredInTime()).isEqualTo(1);
    }

    @Test
    void theMeanIsOfCallsThatEnded() {
        var first = offer("sales");
        var second = offer("sales");
        assertThat(floor.statistics().meanCallSeconds()).isEmpty();

        pass(Duration.ofSeconds(10));
        floor.end(first);
        pass(Duration.ofMillis(20_500));
        floor.end(second);
        floor.end(second);

        assertThat(floor.statistics().meanCallSeconds()).contains(20.25);
    }

    @Test
    void onlyWhatTheCallerCouldNotHelpIsAFailure() {
        offer("sales");
        offer("sales");
        floor.offer("+49", Optional.of("sales"));
        floor.turnAway();
        floor.drain();
        floor.offer("+49", Optional.of("sales"));

        assertThat(floor.statistics().offered()).isEqualTo(5);
        assertThat(floor.statistics().refused()).isEqualTo(3);
        assertThat(floor.statistics().failed()).isEqualTo(2);
    }

    @Test
    void aCallThatFailsInsideLeavesNothingBehind() {
        var broken = new Floor(clock, () -> {
            throw new IllegalStateException("no settings");
        });

        assertThatThrownBy(() -> broken.offer("+49", Optional.of("sales"))).isInstanceOf(IllegalStateException.class);

        assertThat(broken.statistics().offered()).isEqualTo(1);
        assertThat(broken.statistics().failed()).isEqualTo(1);
        assertThat(broken.statistics().activeCalls()).isZero();
        assertThat(broken.queues()).isEmpty();
    }

    private UUID offer(String skill) {
        return switch (floor.offer("+49 30 1234", Optional.of(skill))) {
            case Offer.Taken(Call call) -> call.id();
            case Offer.Draining draining -> throw new AssertionError("draining");
            case Offer.QueueFull full -> throw new AssertionError("queue full");
        };
    }

    private Call.State state(UUID call) {
        return floor.call(call).orElseThrow().state();
    }

    private void pass(Duration time) {
        now = now.plus(time);
        floor.tick();
    }

    private static AcdProperties settings(RoutingStrategy strategy, Duration wrapUp, int maxLength) {
        return new AcdProperties(
                "Hello",
                new AcdProperties.Routing(strategy, wrapUp, Duration.ofSeconds(30)),
                new AcdProperties.Queue("support", maxLength, Duration.ofMinutes(10), true, Duration.ofSeconds(20)));
    }
}
