package io.switchboard.scheduling.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.capacity.plan.Node;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.InMemoryEngine;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeRoomTests {

    private final InMemoryEngine engine = new InMemoryEngine(
            InMemoryEngine.Readiness.IMMEDIATE, Clock.systemUTC(), Integer.MAX_VALUE, List.of("one", "two"));
    private final NodeRoom room =
            new NodeRoom(engine, new CapacityProperties(Duration.ofSeconds(30), Duration.ofSeconds(5), 4, ""));

    @Test
    void beforeTheFirstLookThereIsRoomForWhateverIsAsked() {
        assertThat(room.nodes()).isEmpty();
    }

    @Test
    void theEnginesNodesCountWithAllTheyHave() {
        room.look();

        assertThat(room.nodes().orElseThrow())
                .containsExactlyInAnyOrder(
                        new Node("one", Integer.MAX_VALUE, Integer.MAX_VALUE, 4),
                        new Node("two", Integer.MAX_VALUE, Integer.MAX_VALUE, 4));
    }

    @Test
    void whileTheEngineIsSilentTheNodesStayAsLastSeen() {
        room.look();
        engine.silence(true);

        assertThatExceptionOfType(EngineUnavailable.class).isThrownBy(room::look);
        assertThat(room.nodes().orElseThrow()).hasSize(2);
    }
}
