package io.switchboard.engine.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Acceptance.Reason;
import io.switchboard.engine.Acceptance.Refused;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.Node;
import io.switchboard.engine.PortRange;
import io.switchboard.engine.Task;
import io.switchboard.engine.Task.State;
import io.switchboard.engine.Workload;
import io.switchboard.engine.Workload.Health;
import io.switchboard.engine.Workload.Port;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What holds for every engine, whatever its tasks are. Implement it once per engine; engines that run programs
 * implement {@link ProbeContract}, which asks more.
 */
public interface EngineContract {

    /** The engine; the same one until {@link #reopened} was called. */
    Engine engine();

    /** Closes the engine and opens it again over the same tasks, as after a restart of the platform. */
    Engine reopened();

    /** An image the engine can run and that becomes ready by itself. */
    String image();

    /** Another one. */
    String otherImage();

    /** How long the engine may take to reach what was asked for. */
    default Duration patience() {
        return Duration.ofSeconds(30);
    }

    /** How long to watch that nothing happens. */
    default Duration calm() {
        return Duration.ofMillis(1500);
    }

    /** A workload with the image, one port, and a health check that holds for every state a test may find. */
    default Workload workload(String name, int tasks) {
        return new Workload(
                name,
                image(),
                tasks,
                200,
                128,
                List.of(new Port("http", 8080)),
                Map.of(),
                new Health.Running(),
                Duration.ofSeconds(5));
    }

    @AfterEach
    default void leaveNothingBehind() {
        engine().workloads().forEach(engine()::remove);
        eventually(() -> assertThat(engine().workloads()).isEmpty());
    }

    @Test
    default void startsAsManyTasksAsAsked() {
        assertThat(engine().ensure(workload("start", 2))).isEqualTo(new Accepted());

        eventually(() -> assertThat(ready("start")).hasSize(2));
    }

    @Test
    default void ensuringTwiceChangesNothing() {
        engine().ensure(workload("twice", 2));
        eventually(() -> assertThat(ready("twice")).hasSize(2));
        List<Task> before = engine().tasks("twice");

        assertThat(engine().ensure(workload("twice", 2))).isEqualTo(new Accepted());

        meanwhile(() -> assertThat(engine().tasks("twice")).isEqualTo(before));
    }

    @Test
    default void askedByManyAtOnceItStartsOnce() {
        IntStream.range(0, 8).parallel().forEach(n -> engine().ensure(workload("crowd", 2)));

        eventually(() -> assertThat(ready("crowd")).hasSize(2));
        meanwhile(() -> assertThat(engine().tasks("crowd")).hasSize(2));
    }

    @Test
    default void growsAndKeepsWhatRuns() {
        engine().ensure(workload("grow", 1));
        eventually(() -> assertThat(ready("grow")).hasSize(1));
        Set<String> before = ids("grow");

        engine().ensure(workload("grow", 2));

        eventually(() -> assertThat(ready("grow")).hasSize(2));
        assertThat(ids("grow")).containsAll(before);
    }

    @Test
    default void shrinksByTheYoungest() {
        engine().ensure(workload("shrink", 1));
        eventually(() -> assertThat(ready("shrink")).hasSize(1));
        Set<String> oldest = ids("shrink");
        engine().ensure(workload("shrink", 2));
        eventually(() -> assertThat(ready("shrink")).hasSize(2));

        engine().ensure(workload("shrink", 1));

        eventually(() -> assertThat(ids("shrink")).isEqualTo(oldest));
        engine().ensure(workload("shrink", 0));
        eventually(() -> assertThat(ids("shrink")).isEmpty());
        assertThat(engine().workloads()).contains("shrink");
    }

    @Test
    default void anotherWorkloadUnderAKnownNameIsInvalid() {
        engine().ensure(workload("known", 1));
        eventually(() -> assertThat(ready("known")).hasSize(1));
        List<Task> before = engine().tasks("known");

        Workload known = workload("known", 1);
        assertRefused(withImage(known, otherImage()), Reason.INVALID);
        assertRefused(withEnvironment(known, Map.of("A", "1")), Reason.INVALID);

        meanwhile(() -> assertThat(engine().tasks("known")).isEqualTo(before));
    }

    @Test
    default void contradictionsAreInvalidAndLeaveNothing() {
        assertRefused(withEnvironment(workload("odd", 1), Map.of("no name", "1")), Reason.INVALID);

        assertThat(engine().workloads()).doesNotContain("odd");
    }

    @Test
    default void whatNoMachineHasIsRefused() {
        Workload huge = workload("huge", 1);
        huge = new Workload(
                huge.name(),
                huge.image(),
                1,
                10_000_000,
                huge.memoryMib(),
                huge.ports(),
                huge.environment(),
                huge.health(),
                huge.stopGrace());

        assertRefused(huge, Reason.NO_CAPACITY);
        assertThat(engine().workloads()).doesNotContain("huge");
    }

    @Test
    default void stopsTheChosenTasksAndNoneComesBack() {
        engine().ensure(workload("chosen", 3));
        eventually(() -> assertThat(ready("chosen")).hasSize(3));
        Set<String> left = ids("chosen");
        String chosen = engine().tasks("chosen").get(1).id();
        left.remove(chosen);

        engine().stopTasks("chosen", Set.of(chosen, "never-ran"));
        engine().stopTasks("chosen", Set.of(chosen, "never-ran"));

        eventually(() -> assertThat(ids("chosen")).isEqualTo(left));
        meanwhile(() -> assertThat(ids("chosen")).isEqualTo(left));
    }

    @Test
    default void aRemovedWorkloadIsForgottenAndItsNameIsFree() {
        engine().ensure(workload("gone", 1));
        eventually(() -> assertThat(ready("gone")).hasSize(1));

        engine().remove("gone");
        engine().remove("gone");

        eventually(() -> assertThat(engine().tasks("gone")).isEmpty());
        eventually(() -> assertThat(engine().workloads()).doesNotContain("gone"));
        assertThat(engine().ensure(withEnvironment(workload("gone", 1), Map.of("A", "2"))))
                .isEqualTo(new Accepted());
        eventually(() -> assertThat(ready("gone")).hasSize(1));
    }

    @Test
    default void theUnknownIsEmptyAndChangesNothing() {
        assertThat(engine().tasks("never-ran")).isEmpty();
        assertThat(engine().usage("never-ran")).isEmpty();
        assertThat(engine().logTail("never-ran", 10)).isEmpty();
        assertThatCode(() -> engine().remove("never-ran")).doesNotThrowAnyException();
        assertThatCode(() -> engine().stopTasks("never-ran", Set.of("never-ran")))
                .doesNotThrowAnyException();
        assertThat(engine().workloads()).doesNotContain("never-ran");
    }

    @Test
    default void nothingIsMissingWhereAllTasksRun() {
        assertThat(engine().shortfall("never-ran")).isEmpty();

        engine().ensure(workload("complete", 2));
        eventually(() -> assertThat(ready("complete")).hasSize(2));

        assertThat(engine().shortfall("complete")).isEmpty();
    }

    @Test
    default void tasksAreToldApart() {
        engine().ensure(workload("apart-a", 2));
        engine().ensure(workload("apart-b", 1));
        eventually(() -> assertThat(ready("apart-a")).hasSize(2));
        eventually(() -> assertThat(ready("apart-b")).hasSize(1));

        Set<String> ids = new HashSet<>();
        Set<Integer> ports = new HashSet<>();
        for (String name : List.of("apart-a", "apart-b")) {
            for (Task task : engine().tasks(name)) {
                ids.add(task.id());
                ports.add(task.ports().get("http"));
                assertThat(task.host()).isNotBlank();
                assertThat(task.restarts()).isZero();
            }
            assertThat(engine().tasks(name)).extracting(Task::startedAt).isSorted();
        }
        assertThat(ids).hasSize(3);
        assertThat(ports).hasSize(3).doesNotContainNull();
        assertThat(engine().workloads()).contains("apart-a", "apart-b");
    }

    @Test
    default void hintsAtChanges() {
        Set<String> changed = ConcurrentHashMap.newKeySet();
        engine().onChange(changed::add);

        engine().ensure(workload("hint", 1));
        eventually(() -> assertThat(changed).contains("hint"));
        eventually(() -> assertThat(ready("hint")).hasSize(1));
        meanwhile(() -> assertThat(ready("hint")).hasSize(1));
        changed.clear();
        engine().stopTasks("hint", ids("hint"));

        eventually(() -> assertThat(changed).contains("hint"));
    }

    @Test
    default void isFoundAgainOrGoneWithItsAdapter() {
        engine().ensure(workload("again", 2));
        eventually(() -> assertThat(ready("again")).hasSize(2));
        Set<String> before = ids("again");

        Engine reopened = reopened();

        if (reopened.capabilities().contains(Capability.OUTLIVE_ADAPTER)) {
            assertThat(ids("again")).isEqualTo(before);
            assertThat(reopened.ensure(workload("again", 2))).isEqualTo(new Accepted());
            meanwhile(() -> assertThat(ids("again")).isEqualTo(before));
            assertRefused(withEnvironment(workload("again", 2), Map.of("A", "1")), Reason.INVALID);
            reopened.stopTasks("again", before);
            eventually(() -> assertThat(ids("again")).isEmpty());
        } else {
            assertThat(reopened.workloads()).isEmpty();
            assertThat(reopened.tasks("again")).isEmpty();
        }
    }

    @Test
    default void tasksAreFoundByTheirNodes() {
        engine().ensure(workload("here-a", 2));
        engine().ensure(workload("here-b", 1));
        eventually(() -> assertThat(ready("here-a")).hasSize(2));
        eventually(() -> assertThat(ready("here-b")).hasSize(1));

        for (String name : List.of("here-a", "here-b")) {
            Map<String, Integer> byHost = new HashMap<>();
            engine().tasks(name).forEach(task -> byHost.merge(task.host(), 1, Integer::sum));
            byHost.forEach(
                    (host, tasks) -> assertThat(engine().placements().get(host)).containsEntry(name, tasks));
        }
        engine().remove("here-b");
        eventually(() -> assertThat(engine().placements().values())
                .allSatisfy(workloads -> assertThat(workloads).doesNotContainKey("here-b")));
    }

    @Test
    default void nodesAreListedOrTheAbilityIsNotClaimed() {
        if (!engine().capabilities().contains(Capability.LIST_NODES)) {
            assertThat(engine().nodes()).isEmpty();
            return;
        }
        engine().ensure(workload("placed", 1));
        eventually(() -> assertThat(ready("placed")).hasSize(1));

        assertThat(engine().nodes()).allSatisfy(node -> {
            assertThat(node.cpuMillis()).isPositive();
            assertThat(node.memoryMib()).isPositive();
        });
        assertThat(engine().nodes())
                .extracting(Node::host)
                .contains(engine().tasks("placed").getFirst().host());
    }

    @Test
    default void newWorkloadsKeepOffACordonedNodeAndOthersGoOn() {
        engine().ensure(workload("before", 1));
        eventually(() -> assertThat(ready("before")).hasSize(1));
        List<Task> before = engine().tasks("before");
        String host = before.getFirst().host();
        if (!engine().capabilities().contains(Capability.CORDON_NODES)) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> engine().cordon(Set.of(host)));
            return;
        }

        engine().cordon(Set.of(host));
        try {
            assertThat(engine().ensure(workload("after", 3))).isEqualTo(new Accepted());
            meanwhile(() ->
                    assertThat(engine().tasks("after")).extracting(Task::host).doesNotContain(host));
            assertThat(engine().tasks("before")).isEqualTo(before);
        } finally {
            engine().cordon(Set.of());
        }
        engine().ensure(workload("again-there", 1));
        eventually(() -> assertThat(ready("again-there")).hasSize(1));
    }

    @Test
    default void eachTaskGetsItsOwnPortsForMediaOrTheAbilityIsNotClaimed() {
        Workload media = withMedia(workload("media", 2), 10);
        if (!has(Capability.MEDIA_PORTS)) {
            assertThat(engine().ensure(media)).isInstanceOfSatisfying(Refused.class, refused -> {
                assertThat(refused.reason()).isEqualTo(Reason.UNSUPPORTED);
                assertThat(refused.detail())
                        .contains("10 ports for media", "engine '" + engine().name() + "' has none");
            });
            assertThat(engine().workloads()).doesNotContain("media");
            return;
        }

        assertThat(engine().ensure(media)).isEqualTo(new Accepted());

        eventually(() -> assertThat(ready("media")).hasSize(2));
        Node node = engine().nodes().getFirst();
        PortRange all = node.media().orElseThrow().ports();
        List<PortRange> blocks = blocks("media");
        assertThat(blocks).hasSize(2).allSatisfy(block -> {
            assertThat(block.size()).isEqualTo(10);
            assertThat(block.first()).isEven().isGreaterThanOrEqualTo(all.first());
            assertThat(block.last()).isLessThanOrEqualTo(all.last());
        });
        boolean sameNode =
                engine().tasks("media").stream().map(Task::host).distinct().count() == 1;
        assertThat(blocks.getFirst().overlaps(blocks.getLast()) && sameNode).isFalse();
        // Balancers look among these.
        assertThat(engine().tasks("media"))
                .allSatisfy(task -> assertThat(task.ports()).containsKey("http").doesNotContainKey("rtp"));
        assertThat(mediaInUse()).isGreaterThanOrEqualTo(20);
    }

    @Test
    default void portsForMediaStayWithTheirTasksAndAreFreeOnceTheseAreGone() {
        if (!has(Capability.MEDIA_PORTS)) {
            return;
        }
        engine().ensure(withMedia(workload("kept", 2), 10));
        eventually(() -> assertThat(ready("kept")).hasSize(2));
        List<PortRange> before = blocks("kept");
        int used = mediaInUse();

        if (reopened().capabilities().contains(Capability.OUTLIVE_ADAPTER)) {
            assertThat(blocks("kept")).isEqualTo(before);
            assertThat(mediaInUse()).isEqualTo(used);
        }
        engine().ensure(withMedia(workload("next", 1), 10));
        eventually(() -> assertThat(ready("next")).hasSize(1));
        if (has(Capability.OUTLIVE_ADAPTER)) {
            assertThat(blocks("next"))
                    .singleElement()
                    .satisfies(next -> assertThat(before)
                            .noneSatisfy(
                                    block -> assertThat(block.overlaps(next)).isTrue()));
        }
        engine().remove("kept");
        engine().remove("next");

        eventually(() -> assertThat(mediaInUse()).isZero());
    }

    /** More than half of each node's ports go to one task, so that no second one has room. */
    @Test
    default void aTaskWithoutRoomForItsMediaSaysSoAndStartsOnceThereIsSome() {
        if (!has(Capability.MEDIA_PORTS)) {
            return;
        }
        int half = engine().nodes().getFirst().media().orElseThrow().ports().size() / 4 * 2 + 2;
        int nodes = engine().nodes().size();
        engine().ensure(withMedia(workload("first", nodes), half));
        eventually(() -> assertThat(ready("first")).hasSize(nodes));

        assertThat(engine().ensure(withMedia(workload("second", 1), half))).isEqualTo(new Accepted());

        eventually(() -> assertThat(engine().shortfall("second")
                        .or(() -> engine().tasks("second").stream()
                                .map(Task::message)
                                .findFirst()))
                .hasValueSatisfying(why -> assertThat(why).contains(half + " ports for media")));
        meanwhile(() -> assertThat(ready("second")).isEmpty());
        assertThat(blocks("second")).isEmpty();
        engine().remove("first");
        eventually(() -> assertThat(ready("second")).hasSize(1));
        assertThat(blocks("second")).singleElement().extracting(PortRange::size).isEqualTo(half);
    }

    @Test
    default void morePortsForMediaThanANodeHasAreRefused() {
        if (!has(Capability.MEDIA_PORTS)) {
            return;
        }
        int all = engine().nodes().getFirst().media().orElseThrow().ports().size();

        assertRefused(withMedia(workload("loud", 1), all / 2 * 2 + 2), Reason.NO_CAPACITY);

        assertThat(engine().workloads()).doesNotContain("loud");
    }

    /** Ports for media that the workload's tasks hold. */
    private List<PortRange> blocks(String workload) {
        return engine().tasks(workload).stream()
                .flatMap(task -> task.media().values().stream())
                .toList();
    }

    private int mediaInUse() {
        return engine().nodes().stream()
                .mapToInt(node -> node.media().orElseThrow().used())
                .sum();
    }

    default boolean has(Capability capability) {
        return engine().capabilities().contains(capability);
    }

    private void assertRefused(Workload workload, Reason reason) {
        assertThat(engine().ensure(workload)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.detail()).isNotBlank();
        });
    }

    /** Waits until it holds; a task that is not up yet refuses connections. */
    default void eventually(ThrowingRunnable holds) {
        await().atMost(patience())
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .untilAsserted(holds);
    }

    /** Watches that it holds all the time. */
    default void meanwhile(ThrowingRunnable holds) {
        await().during(calm()).atMost(calm().multipliedBy(4)).untilAsserted(holds);
    }

    /** Ids of the tasks that stay. */
    default Set<String> ids(String workload) {
        Set<String> ids = new HashSet<>();
        for (Task task : engine().tasks(workload)) {
            if (task.state() != State.STOPPING) {
                ids.add(task.id());
            }
        }
        return ids;
    }

    default List<Task> ready(String workload) {
        return engine().tasks(workload).stream()
                .filter(task -> task.state() == State.READY)
                .toList();
    }

    static Workload withMedia(Workload workload, int count) {
        List<Port> ports = new ArrayList<>(workload.ports());
        ports.add(Port.media("rtp", count));
        return new Workload(
                workload.name(),
                workload.image(),
                workload.tasks(),
                workload.cpuMillis(),
                workload.memoryMib(),
                ports,
                workload.environment(),
                workload.health(),
                workload.stopGrace());
    }

    static Workload withImage(Workload workload, String image) {
        return new Workload(
                workload.name(),
                image,
                workload.tasks(),
                workload.cpuMillis(),
                workload.memoryMib(),
                workload.ports(),
                workload.environment(),
                workload.health(),
                workload.stopGrace());
    }

    static Workload withEnvironment(Workload workload, Map<String, String> environment) {
        return new Workload(
                workload.name(),
                workload.image(),
                workload.tasks(),
                workload.cpuMillis(),
                workload.memoryMib(),
                workload.ports(),
                environment,
                workload.health(),
                workload.stopGrace());
    }
}
