package io.switchboard.request.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.request.RequestTest;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestConstructor;

@RequestTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class StreamsTests {

    private static final Caller ACME = tenant("acme");
    private static final Caller OPERATOR = new Caller("operator", Optional.empty(), Set.of(Role.OPERATOR), Instant.MAX);

    private final Streams streams;
    private final CountDownLatch end = new CountDownLatch(1);

    StreamsTests(Tail tail) {
        streams = new Streams(tail, Clock.systemUTC(), new StreamProperties(2, 4));
    }

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
        open(tenant("globex"));
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

    private void assertRefused(Caller caller, String detail) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> open(caller))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(RequestProblem.TOO_MANY_REQUESTS))
                .withMessageContaining(detail);
    }

    private void open(Caller caller) {
        streams.open(new UntilTheEnd(), caller);
    }

    private static Caller tenant(String name) {
        return new Caller("user of " + name, Optional.of(name), Set.of(Role.TENANT), Instant.MAX);
    }

    private final class UntilTheEnd implements Streams.Script {

        @Override
        public boolean concerns(Change change) {
            return false;
        }

        @Override
        public boolean replay(Streams.Sender sender) {
            try {
                return !end.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean send(String id, Change change, Streams.Sender sender) {
            return true;
        }
    }
}
