package io.switchboard.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.Workload.Port;
import java.io.IOException;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaPortsTests {

    private static final List<Port> FOUR = List.of(Port.media("rtp", 4));

    @Test
    void blocksBeginAtAnEvenPortAndFollowOneAnother() {
        MediaPorts ports = ports(10_001, 10_010, Set.of());

        assertThat(ports.take("a", FOUR)).hasValue(Map.of("rtp", new PortRange(10_002, 10_005)));
        assertThat(ports.take("b", FOUR)).hasValue(Map.of("rtp", new PortRange(10_006, 10_009)));
        assertThat(ports.media()).isEqualTo(new Node.Media(new PortRange(10_001, 10_010), 8));
    }

    @Test
    void aTaskGetsAllItsBlocksOrNone() {
        MediaPorts ports = ports(10_000, 10_009, Set.of());
        List<Port> two = List.of(Port.media("audio", 4), Port.media("video", 4));
        ports.take("a", FOUR);

        assertThat(ports.take("b", two)).isEmpty();
        assertThat(ports.holds("b")).isFalse();
        assertThat(ports.shortage(two)).contains("8 ports", "10000-10009", "4 of them", "the.setting");

        ports.release("a");
        assertThat(ports.take("b", two)).isPresent();
    }

    @Test
    void portsThatOthersListenAtArePassedOver() {
        MediaPorts ports = ports(10_000, 10_011, Set.of(10_001, 10_006));

        assertThat(ports.take("a", FOUR)).hasValue(Map.of("rtp", new PortRange(10_002, 10_005)));
        assertThat(ports.take("b", FOUR)).hasValue(Map.of("rtp", new PortRange(10_008, 10_011)));
        assertThat(ports.take("c", FOUR)).isEmpty();
    }

    @Test
    void whoListensOnThisMachineIsSeen() throws IOException {
        int port;
        try (DatagramSocket other = new DatagramSocket()) {
            port = other.getLocalPort();
            assertThat(MediaPorts.busyHere(port)).isTrue();
        }
        assertThat(MediaPorts.busyHere(port)).isFalse();
    }

    @Test
    void aBlockThatWasJustGivenBackIsTheLastToBeGivenOut() {
        MediaPorts ports = ports(10_000, 10_011, Set.of());
        ports.take("a", FOUR);
        ports.release("a");

        assertThat(ports.take("b", FOUR)).hasValue(Map.of("rtp", new PortRange(10_004, 10_007)));
        assertThat(ports.take("c", FOUR)).hasValue(Map.of("rtp", new PortRange(10_008, 10_011)));
        assertThat(ports.take("d", FOUR)).hasValue(Map.of("rtp", new PortRange(10_000, 10_003)));
    }

    @Test
    void whatFitsNoNodeIsToldFromWhatDoesNotFitNow() {
        MediaPorts ports = ports(10_001, 10_009, Set.of());
        ports.take("a", FOUR);

        assertThat(ports.lacks(List.of(Port.media("rtp", 8)))).isEmpty();
        assertThat(ports.lacks(List.of(Port.media("rtp", 10))))
                .hasValueSatisfying(why -> assertThat(why).contains("10 ports", "10001-10009", "the.setting"));
    }

    @Test
    void blocksGivenOutBeforeTheRangeWasMovedStayTheirs() {
        MediaPorts ports = ports(10_000, 10_007, Set.of());

        ports.keep("old", Map.of("rtp", new PortRange(9_998, 10_001)));

        assertThat(ports.media().used()).isEqualTo(2);
        assertThat(ports.take("new", FOUR)).hasValue(Map.of("rtp", new PortRange(10_002, 10_005)));
    }

    /** Tasks come, go and are found again after a crash; no two ever hold the same port, and none is lost. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noPortIsEverHeldTwiceOrLost(long seed) {
        Random random = new Random(seed);
        PortRange range = new PortRange(10_000 + random.nextInt(2), 10_400 + random.nextInt(2));
        Set<Integer> strangers = Set.of(10_017, 10_200, 10_201, 10_333);
        Map<String, Map<String, PortRange>> tasks = new HashMap<>();
        MediaPorts ports = ports(range.first(), range.last(), strangers);
        for (int step = 0; step < 2_000; step++) {
            String id = "task-" + step;
            int chance = random.nextInt(5);
            if (chance == 0) {
                // The crash: what is on disk is all that is known.
                ports = ports(range.first(), range.last(), strangers);
                tasks.forEach(ports::keep);
            } else if (chance == 1 && !tasks.isEmpty()) {
                String gone = List.copyOf(tasks.keySet()).get(random.nextInt(tasks.size()));
                tasks.remove(gone);
                ports.release(gone);
            } else {
                ports.take(id, wanted(random)).ifPresent(blocks -> tasks.put(id, blocks));
            }
            assertDisjoint(range, strangers, tasks);
            assertThat(ports.media().used())
                    .isEqualTo(tasks.values().stream()
                            .flatMap(blocks -> blocks.values().stream())
                            .mapToInt(PortRange::size)
                            .sum());
        }
    }

    private static List<Port> wanted(Random random) {
        List<Port> wanted = new ArrayList<>();
        for (int n = 0; n <= random.nextInt(3); n++) {
            wanted.add(Port.media("rtp-" + n, 2 + 2 * random.nextInt(20)));
        }
        return wanted;
    }

    private static void assertDisjoint(
            PortRange range, Set<Integer> strangers, Map<String, Map<String, PortRange>> tasks) {
        boolean[] held = new boolean[65_536];
        for (Map<String, PortRange> blocks : tasks.values()) {
            for (PortRange block : blocks.values()) {
                assertThat(block.first()).isEven().isGreaterThanOrEqualTo(range.first());
                assertThat(block.last()).isOdd().isLessThanOrEqualTo(range.last());
                for (int port = block.first(); port <= block.last(); port++) {
                    assertThat(held[port] || strangers.contains(port)).isFalse();
                    held[port] = true;
                }
            }
        }
    }

    private static MediaPorts ports(int first, int last, Set<Integer> busy) {
        return new MediaPorts(new PortRange(first, last), "the.setting", busy::contains);
    }
}
