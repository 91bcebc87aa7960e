package io.switchboard.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.engine.InMemoryEngine.Readiness;
import io.switchboard.engine.Task.State;
import io.switchboard.engine.Workload.Health;
import io.switchboard.engine.Workload.Port;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the reference can beside the contract, which engine-testkit runs on it. */
class InMemoryEngineTests {

    private final Clock clock = Clock.fixed(Instant.parse("2030-01-01T00:00:00Z"), ZoneOffset.UTC);
    private final InMemoryEngine engine = new InMemoryEngine(Readiness.EXPLICIT, clock, 4000);

    @Test
    void tasksAreReadyWhenTheTestSaysSo() {
        engine.ensure(shop(1));
        assertThat(task().state()).isEqualTo(State.STARTING);

        engine.ready(task().id());

        assertThat(task().state()).isEqualTo(State.READY);
    }

    @Test
    void aCrashedTaskIsReplaced() {
        engine.ensure(shop(2));
        Task first = task();

        engine.crash(first.id(), "exited with code 3");

        assertThat(engine.tasks("shop")).hasSize(2).last().satisfies(task -> {
            assertThat(task.id()).isNotEqualTo(first.id());
            assertThat(task.restarts()).isEqualTo(1);
            assertThat(task.message()).isEqualTo("exited with code 3");
        });
    }

    @Test
    void anUnhealthyTaskSaysWhy() {
        engine.ensure(shop(1));

        engine.unhealthy(task().id(), "503 three times");

        assertThat(task().state()).isEqualTo(State.UNHEALTHY);
        assertThat(task().message()).isEqualTo("503 three times");
    }

    @Test
    void silenceIsUnavailable() {
        engine.silence(true);

        assertThatExceptionOfType(EngineUnavailable.class).isThrownBy(() -> engine.tasks("shop"));
    }

    @Test
    void whatIsMeasuredAndWrittenCanBeAskedFor() {
        engine.ensure(shop(1));
        Usage usage = new Usage(120, 64, clock.instant());

        engine.measure(task().id(), usage);
        IntStream.rangeClosed(1, 3).forEach(n -> engine.write(task().id(), "line " + n));

        assertThat(engine.usage(task().id())).hasValue(usage);
        assertThat(engine.logTail(task().id(), 2)).containsExactly("line 2", "line 3");
    }

    @Test
    void takesThousandsOfCallsASecondFromManyThreads() {
        Instant start = Instant.now();

        IntStream.range(0, 10_000).parallel().forEach(n -> engine.ensure(shop(n % 5)));
        engine.ensure(shop(3));
        engine.stopTasks("shop", Set.of(task().id()));

        assertThat(engine.tasks("shop")).hasSize(2);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(60));
    }

    private Task task() {
        return engine.tasks("shop").getFirst();
    }

    private static Workload shop(int tasks) {
        return new Workload(
                "shop",
                "acme/shop:1",
                tasks,
                500,
                64,
                List.of(new Port("http", 8080)),
                Map.of(),
                new Health.Running(),
                Duration.ofSeconds(1));
    }
}
