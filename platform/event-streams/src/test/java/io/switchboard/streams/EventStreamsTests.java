package io.switchboard.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamsTests {

    private static final Caller ACME = tenant("acme", Instant.MAX);
    private static final Caller OPERATOR = new Caller("operator", Optional.empty(), Set.of(Role.OPERATOR), Instant.MAX);

    private final EventStreams streams =
            new EventStreams("event streams", new EventStreams.Limits(2, 4), Clock.systemUTC());
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void closeAll() {
        end.countDown();
        streams.stop();
    }

    @Test
    void oneTenantHasNoMoreStreamsThanItMayAndTheOthersStillHaveTheirs() {
        open(ACME);
        open(ACME);

        assertRefused(ACME, "Tenant 'acme' has 2 event streams open");
        open(tenant("globex", Instant.MAX));
        open(OPERATOR);
        assertRefused(OPERATOR, "There are 4 event streams open");
        assertThat(streams.count()).isEqualTo(4);
    }

    @Test
    void aStreamThatEndsMakesRoom() {
        open(ACME);
        open(ACME);
        assertRefused(ACME, "Tenant 'acme'");

        end.countDown();

        await().until(() -> streams.count() == 0);
        open(ACME);
    }

    @Test
    void aRestEndsWhenItIsWokenAndForGoodWhenTheServiceStops() {
        var rests = new CopyOnWriteArrayList<Boolean>();
        var opened = new CopyOnWriteArrayList<EventStream>();
        streams.open(ACME, stream -> {
            opened.add(stream);
            do {
                rests.add(stream.goesOn());
            } while (stream.rest(Duration.ofMinutes(1)));
        });
        await().until(() -> rests.size() == 1);

        opened.getFirst().wake();
        await().until(() -> rests.size() == 2);
        streams.stop();

        await().until(() -> streams.count() == 0);
        assertThat(rests).isEqualTo(List.of(true, true));
    }

    @Test
    void aStreamEndsWithTheTokenItWasOpenedWith() {
        var until = Instant.now().plusMillis(300);
        streams.open(tenant("acme", until), stream -> {
            while (stream.rest(Duration.ofMinutes(1))) {}
        });

        await().until(() -> streams.count() == 0);

        assertThat(Instant.now()).isAfterOrEqualTo(until);
    }

    private void assertRefused(Caller caller, String detail) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> open(caller))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(RequestProblem.TOO_MANY_REQUESTS))
                .withMessageContaining(detail);
    }

    private void open(Caller caller) {
        streams.open(caller, stream -> end.await(1, TimeUnit.MINUTES));
    }

    private static Caller tenant(String name, Instant until) {
        return new Caller("user of " + name, Optional.of(name), Set.of(Role.TENANT), until);
    }
}
