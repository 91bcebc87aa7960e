package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.balancer.haproxy.Layout.Server;
import io.switchboard.access.balancer.haproxy.Layout.State;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommandsTests {

    private final Commands commands = new Commands(Path.of("/srv"), false);

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

    @Test
    void weightsChangeWithoutAnythingElse() {
        var observed = layout(Map.of("s1", ready(1)), Map.of("desk.acme", "h0000"));

        assertThat(commands.between(observed, layout(Map.of("s1", ready(1).weighing(9)), Map.of("desk.acme", "h0000"))))
                .containsExactly("set server h0000/s1 weight 9");
        assertThat(commands.between(Layout.EMPTY, layout(Map.of("s1", ready(1).weighing(0)), Map.of())))
                .containsExactly("add server h0000/s1 10.0.0.7:1 weight 0", "set server h0000/s1 state ready");
    }

    /** Or else strangers could come in for a moment. */
    @Test
    void whoMayCallIsKnownBeforeTheRouteIsAndForgottenAfterIt() {
        var open = layout(Map.of("s1", ready(1)), Map.of());
        var listed = new Layout(
                open.backends(),
                Map.of("desk.acme", "h0000"),
                Map.of(),
                Map.of("h0000", new Treatment("listed:x", Set.of("8/0A"), Map.of("/s1", "f00"), Set.of())));

        assertThat(commands.between(open, listed))
                .containsExactly(
                        "add map /srv/sticky.map h0000/s1 f00",
                        "add map /srv/allowed.map h0000/8/0A 1",
                        "add map /srv/rules.map h0000 listed:x",
                        "add map /srv/host.map desk.acme h0000");
        assertThat(commands.between(listed, open))
                .containsExactly(
                        "del map /srv/host.map desk.acme",
                        "del map /srv/rules.map h0000",
                        "del map /srv/allowed.map h0000/8/0A",
                        "del map /srv/sticky.map h0000/s1");
    }

    private static Layout layout(Map<String, Server> servers, Map<String, String> hosts) {
        return new Layout(Map.of("h0000", servers), hosts, Map.of(), Map.of());
    }

    private static Server ready(int port) {
        return new Server("10.0.0.7", port, State.READY);
    }
}
