package io.switchboard.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Task;
import io.switchboard.engine.Workload;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetEngineTests {

    private static final Workload SHOP = new Workload(
            "shop", "acd", 4, 500, 64, List.of(), Map.of(), new Workload.Health.Running(), Duration.ofSeconds(1));

    private final FleetEngine engine = new FleetEngine(Clock.systemUTC(), 4, 2_000, 1_024);

    @Test
    void tasksAreSpreadAndStopWhereTheyAre() {
        assertThat(engine.ensure(SHOP)).isEqualTo(new Accepted());

        assertThat(hosts()).hasSize(4).doesNotHaveDuplicates();
        var victim = engine.tasks("shop").getFirst();
        engine.stopTasks("shop", Set.of(victim.id()));
        assertThat(engine.tasks("shop")).hasSize(3).doesNotContain(victim);
        assertThat(engine.workloadsOn(victim.host())).isEmpty();
        engine.remove("shop");
        assertThat(engine.tasks()).isZero();
    }

    @Test
    void theTasksOfALostNodeStartElsewhereAndAreToldOf() {
        engine.ensure(SHOP);
        var told = new ArrayList<String>();
        engine.onChange(told::add);
        var lost = engine.busiest();

        engine.lose(lost);

        assertThat(hosts()).hasSize(4).doesNotContain(lost);
        assertThat(told).containsExactly("shop");
    }

    @Test
    void whereNoNodeHasRoomItSaysSo() {
        engine.ensure(SHOP.withTasks(20));

        assertThat(engine.tasks("shop")).hasSize(16);
        assertThat(engine.shortfall("shop")).hasValue("no node has 500 cpuMillis free");
    }

    private List<String> hosts() {
        return engine.tasks("shop").stream().map(Task::host).toList();
    }
}
