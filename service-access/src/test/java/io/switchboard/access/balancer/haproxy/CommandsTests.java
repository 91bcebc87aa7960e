package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.balancer.haproxy.Layout.Server;
import io.switchboard.access.balancer.haproxy.Layout.State;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandsTests {

    private final Commands commands = new Commands(Path.of("/srv/host.map"), Path.of("/srv/port.map"), false);

    @Test
    void aNewInstanceGetsItsServersBeforeItsRoute() {
        var desired = layout(Map.of("s1", ready(1)), Map.of("desk.acme", "h0000"));

        assertThat(commands.between(Layout.EMPTY, desired))
                .containsExactly(
                        "add server h0000/s1 10.0.0.7:1",
                        "set server h0000/s1 state ready",
                        "add map /srv/host.map desk.acme h0000");
    }

    @Test
    void aParkedServerIsMovedNotDeleted() {
        var observed = layout(Map.of("s1", ready(1).in(State.MAINT)), Map.of());

        assertThat(commands.between(observed, layout(Map.of("s1", ready(2)), Map.of())))
                .containsExactly("set server h0000/s1 addr 10.0.0.7 port 2", "set server h0000/s1 state ready");
    }

    @Test
    void whatComesIsThereBeforeWhatGoesIsGone() {
        var observed = layout(Map.of("s1", ready(1)), Map.of("desk.acme", "h0000"));
        var desired = layout(Map.of("s1", ready(1).in(State.DRAIN), "s2", ready(2)), Map.of("desk.acme", "h0000"));

        assertThat(commands.between(observed, desired))
                .containsExactly(
                        "add server h0000/s2 10.0.0.7:2",
                        "set server h0000/s2 state ready",
                        "set server h0000/s1 state drain");
    }

    @Test
    void aRemovedInstanceLosesItsRouteBeforeItsServersAreParked() {
        var observed = layout(Map.of("s1", ready(1)), Map.of("desk.acme", "h0000"));

        assertThat(commands.between(observed, layout(Map.of("s1", ready(1).in(State.MAINT)), Map.of())))
                .containsExactly("del map /srv/host.map desk.acme", "set server h0000/s1 state maint");
    }

    @Test
    void nothingIsSaidWhenAllIsAsItShouldBe() {
        var layout = layout(Map.of("s1", ready(1)), Map.of("desk.acme", "h0000"));

        assertThat(commands.between(layout, layout)).isEqualTo(List.of());
    }

    private static Layout layout(Map<String, Server> servers, Map<String, String> hosts) {
        return new Layout(Map.of("h0000", servers), hosts, Map.of());
    }

    private static Server ready(int port) {
        return new Server("10.0.0.7", port, State.READY);
    }
}
