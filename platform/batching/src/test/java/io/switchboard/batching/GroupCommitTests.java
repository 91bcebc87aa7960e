package io.switchboard.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupCommitTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Predicate<Throwable> CONCERNS_ALL = IllegalStateException.class::isInstance;
    private static final Executor THREADS = command -> Thread.ofVirtual().start(command);

    private final List<List<Integer>> batches = Collections.synchronizedList(new ArrayList<>());

    @Test
    void whoComesAloneIsWrittenAtOnce() {
        try (var group = new GroupCommit<>("test", 1, 10, 10, Pace.RESTLESS, CONCERNS_ALL, this::doubled)) {
            assertThat(group.commit(21, PATIENCE)).isEqualTo(42);
        }
        assertThat(batches).containsExactly(List.of(21));
    }

    @Test
    void whoComesDuringACommitShareTheNext() {
        var blocked = new CountDownLatch(1);
        var started = new CountDownLatch(1);
        try (var group =
                new GroupCommit<Integer, Integer>("test", 1, 100, 100, Pace.RESTLESS, CONCERNS_ALL, members -> {
                    started.countDown();
                    waitFor(blocked);
                    return doubled(members);
                })) {
            var first = commitLater(group, 0);
            waitFor(started);
            var others = IntStream.range(1, 50)
                    .mapToObj(number -> commitLater(group, number))
                    .toList();
            await().until(() -> group.waiting() == 49);
            blocked.countDown();

            assertThat(first.join()).isZero();
            for (int index = 0; index < others.size(); index++) {
                assertThat(others.get(index).join()).isEqualTo((index + 1) * 2);
            }
        }
        assertThat(batches).hasSize(2);
        assertThat(batches.get(1)).hasSize(49);
    }

    @Test
    void oneThatCantBeWrittenTakesNoNeighbourWithIt() {
        var blocked = new CountDownLatch(1);
        try (var group =
                new GroupCommit<Integer, Integer>("test", 1, 100, 100, Pace.RESTLESS, CONCERNS_ALL, members -> {
                    waitFor(blocked);
                    if (members.contains(13)) {
                        throw new IllegalArgumentException("13 is poison");
                    }
                    return doubled(members);
                })) {
            var all = IntStream.range(10, 20)
                    .mapToObj(number -> commitLater(group, number))
                    .toList();
            blocked.countDown();

            for (int index = 0; index < all.size(); index++) {
                var result = all.get(index);
                if (index == 3) {
                    assertThatThrownBy(result::join)
                            .isInstanceOf(CompletionException.class)
                            .hasRootCauseMessage("13 is poison");
                } else {
                    assertThat(result.join()).isEqualTo((index + 10) * 2);
                }
            }
        }
    }

    @Test
    void whatConcernsAllIsNotTriedAgainForEach() {
        var calls = Collections.synchronizedList(new ArrayList<Integer>());
        var blocked = new CountDownLatch(1);
        try (var group =
                new GroupCommit<Integer, Integer>("test", 1, 100, 100, Pace.RESTLESS, CONCERNS_ALL, members -> {
                    waitFor(blocked);
                    calls.add(members.size());
                    throw new IllegalStateException("the database is away");
                })) {
            var first = commitLater(group, 1);
            await().until(() -> group.waiting() == 0);
            var others = IntStream.range(0, 5)
                    .mapToObj(number -> commitLater(group, number))
                    .toList();
            await().until(() -> group.waiting() == 5);
            blocked.countDown();

            assertThatThrownBy(first::join).hasRootCauseInstanceOf(IllegalStateException.class);
            others.forEach(each -> assertThatThrownBy(each::join).hasRootCauseInstanceOf(IllegalStateException.class));
        }
        assertThat(calls).containsExactly(1, 5);
    }

    @Test
    void theFirstFailureThatConcernsAllEndsTheTrialsOneByOne() {
        var calls = Collections.synchronizedList(new ArrayList<Integer>());
        var blocked = new CountDownLatch(1);
        try (var group =
                new GroupCommit<Integer, Integer>("test", 1, 100, 100, Pace.RESTLESS, CONCERNS_ALL, members -> {
                    waitFor(blocked);
                    calls.add(members.size());
                    if (members.size() > 1) {
                        throw new IllegalArgumentException("one of them is poison");
                    }
                    throw new IllegalStateException("the database is away");
                })) {
            var first = commitLater(group, 1);
            await().until(() -> group.waiting() == 0);
            var others = IntStream.range(0, 5)
                    .mapToObj(number -> commitLater(group, number))
                    .toList();
            await().until(() -> group.waiting() == 5);
            blocked.countDown();

            assertThatThrownBy(first::join).hasRootCauseInstanceOf(IllegalStateException.class);
            others.forEach(each -> assertThatThrownBy(each::join).hasRootCauseInstanceOf(IllegalStateException.class));
        }
        assertThat(calls).containsExactly(1, 5, 1);
    }

    @Test
    void aBatchThatForgetsAMemberIsAnError() {
        try (var group = new GroupCommit<Integer, Integer>(
                "test", 1, 100, 100, Pace.RESTLESS, CONCERNS_ALL, members -> List.of())) {
            assertThatThrownBy(() -> group.commit(1, PATIENCE)).hasMessage("1 members have 0 results");
        }
    }

    @Test
    void oneTooManyIsRefusedAtOnce() {
        var blocked = new CountDownLatch(1);
        try (var group = new GroupCommit<Integer, Integer>("test", 1, 1, 1, Pace.RESTLESS, CONCERNS_ALL, members -> {
            waitFor(blocked);
            return doubled(members);
        })) {
            var first = commitLater(group, 1);
            await().until(() -> group.waiting() == 0 && !first.isDone());
            var second = commitLater(group, 2);
            await().until(() -> group.waiting() == 1);

            assertThatThrownBy(() -> group.commit(3, PATIENCE)).isInstanceOf(RejectedExecutionException.class);
            blocked.countDown();
            assertThat(second.join()).isEqualTo(4);
        }
    }

    @Test
    void closingWritesWhatWaits() {
        var blocked = new CountDownLatch(1);
        var group = new GroupCommit<Integer, Integer>("test", 1, 1, 10, Pace.RESTLESS, CONCERNS_ALL, members -> {
            waitFor(blocked);
            return doubled(members);
        });
        var all = IntStream.range(0, 5)
                .mapToObj(number -> commitLater(group, number))
                .toList();
        await().until(() -> group.waiting() == 4);
        var closing = CompletableFuture.runAsync(group::close, THREADS);
        blocked.countDown();
        closing.join();

        // Their threads may need a moment to take the results.
        await().until(() -> all.stream().allMatch(CompletableFuture::isDone));
        assertThat(all).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThatThrownBy(() -> group.commit(9, PATIENCE)).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void whoRunsOutOfPatienceIsToldThatNothingIsKnown() {
        var blocked = new CountDownLatch(1);
        try (var group = new GroupCommit<Integer, Integer>("test", 1, 1, 1, Pace.RESTLESS, CONCERNS_ALL, members -> {
            waitFor(blocked);
            return doubled(members);
        })) {
            assertThatThrownBy(() -> group.commit(1, Duration.ofMillis(5))).isInstanceOf(GroupCommit.Unfinished.class);
            blocked.countDown();
        }
        assertThat(batches).containsExactly(List.of(1));
    }

    private List<Integer> doubled(List<Integer> members) {
        batches.add(members);
        return members.stream().map(member -> member * 2).toList();
    }

    private static CompletableFuture<Integer> commitLater(GroupCommit<Integer, Integer> group, int member) {
        return CompletableFuture.supplyAsync(() -> group.commit(member, PATIENCE), THREADS);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
