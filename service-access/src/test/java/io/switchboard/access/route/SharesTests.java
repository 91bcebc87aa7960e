package io.switchboard.access.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SharesTests {

    @Test
    void aTenthOfNewSessionsIsATenthWhateverTheNumberOfTasks() {
        for (int old = 1; old <= 30; old++) {
            for (int fresh = 1; fresh <= 20; fresh++) {
                var weighted = Shares.weighted(List.of(new Policy.Share(4, 10)), tasks(Map.of(3L, old, 4L, fresh)));

                assertThat(sum(weighted, 4) * 9)
                        .as("%d old and %d new tasks", old, fresh)
                        .isEqualTo(sum(weighted, 3));
            }
        }
    }

    @Test
    void anySharesAreExact() {
        var random = new Random(5);
        for (int round = 0; round < 500; round++) {
            int first = random.nextInt(101);
            int second = random.nextInt(101 - first);
            var weighted = Shares.weighted(
                    List.of(new Policy.Share(8, first), new Policy.Share(9, second)),
                    tasks(Map.of(7L, 1 + random.nextInt(80), 8L, 1 + random.nextInt(80), 9L, 1 + random.nextInt(80))));

            assertThat(weighted).allMatch(endpoint -> endpoint.weight() >= 0 && endpoint.weight() <= 256);
            double all = sum(weighted, 7) + sum(weighted, 8) + sum(weighted, 9);
            assertThat(100 * sum(weighted, 8) / all).isCloseTo(first, within(1e-9));
            assertThat(100 * sum(weighted, 9) / all).isCloseTo(second, within(1e-9));
        }
    }

    @Test
    void tasksOfARevisionAreAsAlikeAsTheirShareAllows() {
        var weighted = Shares.weighted(List.of(new Policy.Share(4, 10)), tasks(Map.of(3L, 7, 4L, 3)));

        assertThat(weighted.stream()
                        .collect(Collectors.groupingBy(Endpoint::revision))
                        .values())
                .allSatisfy(group -> {
                    var weights = group.stream().mapToInt(Endpoint::weight).summaryStatistics();
                    assertThat(weights.getMax() - weights.getMin()).isLessThanOrEqualTo(1);
                });
    }

    @Test
    void aShareEndsWithTheTasksOfEarlierRevisions() {
        var shares = List.of(new Policy.Share(4, 10));

        assertThat(Shares.weighted(shares, tasks(Map.of(4L, 3)))).allMatch(endpoint -> endpoint.weight() == 0);
        // Or else the next rollout would begin with nine tenths for what is on trial.
        assertThat(Shares.weighted(shares, tasks(Map.of(4L, 3, 5L, 1)))).allMatch(endpoint -> endpoint.weight() == 0);
    }

    @Test
    void aRevisionWithoutReadyTasksLeavesItsShareToTheOthers() {
        var three =
                Shares.weighted(List.of(new Policy.Share(4, 10), new Policy.Share(5, 30)), tasks(Map.of(3L, 2, 5L, 2)));

        assertThat(sum(three, 5) * 2).isEqualTo(sum(three, 3));
        var waiting = Shares.weighted(List.of(new Policy.Share(4, 10)), tasks(Map.of(3L, 2)));
        assertThat(waiting).allMatch(endpoint -> endpoint.weight() == 1);
    }

    @Test
    void whoDrainsWeighsNothing() {
        var endpoints = Stream.concat(
                        tasks(Map.of(3L, 2, 4L, 1)).stream(),
                        Stream.of(new Endpoint("d", "http", "10.0.0.9", 1, State.DRAINING, 3, 0)))
                .toList();

        assertThat(Shares.weighted(List.of(new Policy.Share(4, 50)), endpoints))
                .extracting(Endpoint::taskId)
                .containsExactlyElementsOf(
                        endpoints.stream().map(Endpoint::taskId).toList());
        assertThat(Shares.weighted(List.of(new Policy.Share(4, 50)), endpoints)
                        .getLast()
                        .weight())
                .isZero();
    }

    @Test
    void whereAllSharesAreNoneWhoIsThereServes() {
        var weighted =
                Shares.weighted(List.of(new Policy.Share(4, 0), new Policy.Share(5, 100)), tasks(Map.of(3L, 2, 4L, 1)));

        assertThat(weighted).allMatch(endpoint -> endpoint.weight() == 1);
    }

    private static List<Endpoint> tasks(Map<Long, Integer> numbers) {
        List<Endpoint> endpoints = new ArrayList<>();
        new TreeMap<>(numbers)
                .forEach((revision, number) -> IntStream.range(0, number)
                        .mapToObj(each -> new Endpoint(
                                revision + "-" + each,
                                "http",
                                "10.0." + revision + "." + each,
                                80,
                                State.READY,
                                revision,
                                0))
                        .forEach(endpoints::add));
        return endpoints;
    }

    private static int sum(List<Endpoint> endpoints, long revision) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.revision() == revision)
                .mapToInt(Endpoint::weight)
                .sum();
    }
}
