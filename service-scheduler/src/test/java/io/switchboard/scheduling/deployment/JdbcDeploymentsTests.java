package io.switchboard.scheduling.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.DeploymentStatus.RollingOut;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.outbox.OutboxMessage;
import io.switchboard.scheduling.SchedulerDatabase;
import io.switchboard.scheduling.deployment.Deployment.Desired;
import io.switchboard.scheduling.deployment.Deployment.Instance;
import io.switchboard.scheduling.deployment.Deployment.Order;
import io.switchboard.scheduling.deployment.Deployment.Told;
import io.switchboard.scheduling.leadership.LeadershipLost;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Against a real PostgreSQL; {@code SchedulerTests} has the everyday cases. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JdbcDeploymentsTests {

    private static final Instant NOW = Instant.parse("2026-11-24T07:00:00Z");

    private final SchedulerDatabase database = new SchedulerDatabase();
    private final JdbcTemplate jdbc = database.jdbc();
    private final TransactionTemplate transaction = database.transaction();
    private final List<OutboxMessage> said = Collections.synchronizedList(new ArrayList<>());
    private final JdbcDeployments deployments = new JdbcDeployments(
            jdbc, transaction, said::addAll, JsonMapper.builder().build());

    @AfterAll
    void stop() throws IOException {
        deployments.close();
        database.close();
    }

    @Test
    void ofTwoChangesOfOneDeploymentAtOnceTheFirstIsStoredAndSaysSo() {
        var one = stored("desk");
        // Whoever comes during the first transaction, and the rest after it, is together in the next.
        var others = IntStream.range(0, 20)
                .mapToObj(number -> stored("other-" + number))
                .toList();
        said.clear();
        var busy = others.stream().map(other -> later(other, rolling(other, 1))).toList();
        var twins = List.of(later(one, rolling(one, 1)), later(one, rolling(one, 2)));
        busy.forEach(CompletableFuture::join);

        var failed = twins.stream().filter(JdbcDeploymentsTests::isStale).count();
        var kept = deployments.find(List.of(one.id())).getFirst();

        assertThat(failed).isEqualTo(1);
        assertThat(kept.version()).isEqualTo(one.version() + 1);
        assertThat(said.stream()
                        .filter(message -> message.body().contains(one.id().toString())))
                .singleElement()
                .satisfies(message ->
                        assertThat(message.body()).contains(text(kept.told().status())));
    }

    @Test
    void whatTheDatabaseRefusesFailsForItselfAlone() {
        var good = IntStream.range(0, 10)
                .mapToObj(number -> stored("good-" + number))
                .toList();
        var bad = stored("bad");
        var poison = bad.tell(new RollingOut(0, 1, "not in a \u0000 database"), false, true, NOW);

        var all = good.stream().map(one -> later(one, rolling(one, 1))).toList();
        var refused = later(bad, poison);

        all.forEach(CompletableFuture::join);
        assertThatThrownBy(refused::join).isInstanceOf(CompletionException.class);
        assertThat(deployments.find(List.of(bad.id())).getFirst().version()).isEqualTo(bad.version());
        assertThat(deployments.find(good.stream().map(Deployment::id).toList()))
                .allSatisfy(one -> assertThat(one.version()).isEqualTo(1));
    }

    @Test
    void aLateWriteOfAnEarlierEpochChangesNothingAndSaysWhy() {
        long early = nextEpoch();
        var one = stored("fenced");
        var saved = deployments.under(early).save(one, rolling(one, 1));
        said.clear();

        long late = nextEpoch();

        assertThatThrownBy(() -> deployments.under(early).save(saved, rolling(saved, 2)))
                .isInstanceOf(LeadershipLost.class);
        assertThat(said).isEmpty();
        assertThat(version(one)).isEqualTo(saved.version());
        var next = deployments.under(late).save(saved, rolling(saved, 2));
        // What needs no leader is none of its business.
        deployments.save(next, rolling(next, 3));
        assertThat(version(one)).isEqualTo(saved.version() + 2);
    }

    @Test
    void inOneBatchOnlyWhatCarriesTheLastEpochIsStored() {
        long early = nextEpoch();
        long late = nextEpoch();
        var all = IntStream.range(0, 30)
                .mapToObj(number -> stored("batch-" + number))
                .toList();

        var saved = all.stream()
                .map(one -> CompletableFuture.supplyAsync(
                        () -> deployments
                                .under(all.indexOf(one) % 2 == 0 ? early : late)
                                .save(one, rolling(one, 1)),
                        command -> Thread.ofVirtual().start(command)))
                .toList();

        for (int index = 0; index < all.size(); index++) {
            assertThat(saved.get(index)
                            .handle((stored, failure) -> failure == null)
                            .join())
                    .isEqualTo(index % 2 == 1);
            assertThat(version(all.get(index))).isEqualTo(index % 2);
        }
    }

    @Test
    void anEpochBeginsOnlyWhenWhatTheOneBeforeWritesIsWritten() throws Exception {
        long early = nextEpoch();
        var one = stored("racing");
        var table = new DeploymentTable(jdbc, JsonMapper.builder().build());
        var began = new CompletableFuture<Long>();

        transaction.executeWithoutResult(status -> {
            assertThat(table.update(List.of(rolling(one, 1)), Map.of(one.id(), early)))
                    .containsExactly(one.id());
            Thread.ofVirtual().start(() -> began.complete(nextEpoch()));
            assertThatThrownBy(() -> began.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        });

        assertThat(began.get(5, TimeUnit.SECONDS)).isEqualTo(early + 1);
        assertThat(version(one)).isEqualTo(1);
    }

    private long nextEpoch() {
        return Objects.requireNonNull(
                jdbc.queryForObject("update leadership set epoch = epoch + 1 returning epoch", Long.class));
    }

    private long version(Deployment one) {
        return deployments.find(List.of(one.id())).getFirst().version();
    }

    private CompletableFuture<Deployment> later(Deployment before, Deployment after) {
        return CompletableFuture.supplyAsync(
                () -> deployments.save(before, after),
                command -> Thread.ofVirtual().start(command));
    }

    private static boolean isStale(CompletableFuture<Deployment> saved) {
        try {
            saved.join();
            return false;
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(StaleDeployment.class);
            return true;
        }
    }

    private Deployment stored(String name) {
        var fresh = new Deployment(
                new Instance(UUID.randomUUID(), "acme", name, "acd"),
                new Desired(Goal.RUN, 1, 1, new Resources(100, 64), Optional.empty(), ""),
                new Order(UUID.randomUUID(), NOW),
                Course.none(),
                Traffic.none(NOW),
                new Told(1, new DeploymentStatus.Planned(1, new Resources(100, 64), "planned"), false, NOW, NOW),
                List.of(),
                0);
        transaction.executeWithoutResult(status -> deployments.store(Map.of(), List.of(fresh), List.of()));
        return deployments.find(List.of(fresh.id())).getFirst();
    }

    private static Deployment rolling(Deployment before, int ready) {
        return before.tell(new RollingOut(ready, 3, "%d of 3 tasks ready".formatted(ready)), false, true, NOW);
    }

    private static String text(DeploymentStatus status) {
        return ((RollingOut) status).message();
    }
}
