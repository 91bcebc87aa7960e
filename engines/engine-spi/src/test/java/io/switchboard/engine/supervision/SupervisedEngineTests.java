package io.switchboard.engine.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.engine.Acceptance;
import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Acceptance.Refused;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.LogPart;
import io.switchboard.engine.Node;
import io.switchboard.engine.Usage;
import io.switchboard.engine.Workload;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A machine that accepts calls and does not answer must cost no more than the calls that need its answer. */
@Timeout(60)
class SupervisedEngineTests {

    private final SlowRunner runner = new SlowRunner();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void letGo() {
        runner.answer.countDown();
        callers.shutdownNow();
    }

    @Test
    void aSlowAnswerForOneWorkloadHoldsUpNoOther() throws Exception {
        try (SupervisedEngine engine = engine()) {
            runner.slow = "slow";
            CompletableFuture<Acceptance> slow =
                    CompletableFuture.supplyAsync(() -> engine.ensure(workload("slow")), callers);
            assertThat(runner.asked.await(10, TimeUnit.SECONDS)).isTrue();

            CompletableFuture<Acceptance> other =
                    CompletableFuture.supplyAsync(() -> engine.ensure(workload("other")), callers);
            assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(new Accepted());
            assertThat(engine.workloads()).containsExactly("other");
            assertThat(engine.tasks("other")).isEmpty();
            assertThat(slow).isNotDone();

            // Who asks for the same one waits for it, and finds it done.
            CompletableFuture<Acceptance> same =
                    CompletableFuture.supplyAsync(() -> engine.ensure(workload("slow")), callers);
            runner.answer.countDown();
            assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo(new Accepted());
            assertThat(same.get(10, TimeUnit.SECONDS)).isEqualTo(new Accepted());
            assertThat(runner.kept).containsEntry("slow", 1).containsEntry("other", 1);
        }
    }

    @Test
    void aSlowChangeOfOneWorkloadHoldsUpNoOther() throws Exception {
        try (SupervisedEngine engine = engine()) {
            engine.ensure(workload("slow"));
            runner.slow = "slow";
            CompletableFuture<Acceptance> slow = CompletableFuture.supplyAsync(
                    () -> engine.ensure(workload("slow").withTasks(1)), callers);
            assertThat(runner.asked.await(10, TimeUnit.SECONDS)).isTrue();

            CompletableFuture<Acceptance> other =
                    CompletableFuture.supplyAsync(() -> engine.ensure(workload("other")), callers);
            assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(new Accepted());
            assertThat(slow).isNotDone();
            runner.answer.countDown();
            assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo(new Accepted());
        }
    }

    @Test
    void whileItIsAskedWhatRanBeforeOthersDontAskAsWell() throws Exception {
        runner.away = true;
        try (SupervisedEngine engine = engine()) {
            runner.away = false;
            runner.slow = "recover";
            CompletableFuture<Set<String>> first = CompletableFuture.supplyAsync(engine::workloads, callers);
            assertThat(runner.asked.await(10, TimeUnit.SECONDS)).isTrue();

            List<CompletableFuture<Set<String>>> others = List.of(
                    CompletableFuture.supplyAsync(engine::workloads, callers),
                    CompletableFuture.supplyAsync(engine::workloads, callers),
                    CompletableFuture.supplyAsync(engine::workloads, callers));
            for (CompletableFuture<Set<String>> other : others) {
                assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
                        .isThrownBy(() -> other.get(10, TimeUnit.SECONDS))
                        .withCauseInstanceOf(EngineUnavailable.class);
            }
            assertThat(runner.recoveries).hasValue(2);
            runner.answer.countDown();
            assertThat(first.get(10, TimeUnit.SECONDS)).isEmpty();
            assertThat(engine.workloads()).isEmpty();
            assertThat(runner.recoveries).hasValue(2);
        }
    }

    private SupervisedEngine engine() {
        return new SupervisedEngine("slow", Set.of(), runner, Backoff.STANDARD, Clock.systemUTC());
    }

    private static Workload workload(String name) {
        return new Workload(
                name,
                "acme/desk",
                0,
                100,
                64,
                List.of(),
                Map.of(),
                new Workload.Health.Running(),
                Duration.ofSeconds(1));
    }

    /** Runs nothing, and gives no answer to calls for one workload until it may. */
    private static final class SlowRunner implements Runner {

        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch answer = new CountDownLatch(1);
        private final Map<String, Integer> kept = new ConcurrentHashMap<>();
        private final AtomicInteger recoveries = new AtomicInteger();
        private volatile String slow = "";
        private volatile boolean away;

        private void slowly(String what) {
            if (slow.equals(what)) {
                asked.countDown();
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public Node node() {
            return new Node("127.0.0.1", 1000, 1024);
        }

        @Override
        public Optional<Refused> refusal(Workload workload) {
            return Optional.empty();
        }

        @Override
        public List<Desired> recover() {
            recoveries.incrementAndGet();
            if (away) {
                throw new EngineUnavailable("slow", new IllegalStateException("away"));
            }
            slowly("recover");
            return List.of();
        }

        @Override
        public void keep(Desired desired) {
            slowly(desired.workload().name());
            kept.merge(desired.workload().name(), 1, Integer::sum);
        }

        @Override
        public void forget(String workload) {}

        @Override
        public List<ObservedTask> look(String workload) {
            return List.of();
        }

        @Override
        public void start(Workload workload, Launch launch) {}

        @Override
        public void terminate(ObservedTask task) {}

        @Override
        public void kill(ObservedTask task) {}

        @Override
        public void discard(ObservedTask task) {}

        @Override
        public Optional<Usage> usage(String taskId) {
            return Optional.empty();
        }

        @Override
        public List<String> logTail(String taskId, int lines) {
            return List.of();
        }

        @Override
        public LogPart logAfter(String taskId, Optional<String> after, int lines) {
            return new LogPart(List.of(), "");
        }

        @Override
        public void onHint(Consumer<String> hint) {}

        @Override
        public Duration patrol() {
            return Duration.ofSeconds(5);
        }

        @Override
        public void close() {}
    }
}
