package io.switchboard.console.operations;

import io.switchboard.console.page.Size;
import io.switchboard.console.page.Tone;
import io.switchboard.contracts.scheduling.NodesApi.Leaving;
import io.switchboard.contracts.scheduling.NodesApi.MediaPorts;
import io.switchboard.contracts.scheduling.NodesApi.NodeView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine that runs tasks.
 *
 * @param size what it has in all; null where the engine doesn't say
 * @param drainedSince null unless it is emptied
 * @param leaving whose tasks have still to leave it
 * @param media its ports for media; null where it has none to give
 */
record NodeRow(
        String host,
        @Nullable Size size,
        Amount used,
        @Nullable Amount free,
        int tasks,
        @Nullable Instant drainedSince,
        List<Leaving> leaving,
        @Nullable MediaPorts media) {

    /** @param cores for example {@code 0.25}; may be negative where more was given than there is */
    record Amount(String cores, int memoryMib) {

        static Amount of(int cpuMillis, int memoryMib) {
            return new Amount(Size.cores(cpuMillis), memoryMib);
        }
    }

    enum State {
        IN_USE,
        DRAINING,
        /** Something has to be done before all tasks leave. */
        HELD,
        EMPTY
    }

    static NodeRow of(NodeView node) {
        var used = node.used();
        return new NodeRow(
                node.host(),
                node.size().map(Size::of).orElse(null),
                Amount.of(used.cpuMillis(), used.memoryMib()),
                node.size()
                        .map(size ->
                                Amount.of(size.cpuMillis() - used.cpuMillis(), size.memoryMib() - used.memoryMib()))
                        .orElse(null),
                node.tasks(),
                node.drainedSince().orElse(null),
                node.leaving(),
                node.media().orElse(null));
    }

    public State getState() {
        if (drainedSince == null) {
            return State.IN_USE;
        }
        if (tasks == 0) {
            return State.EMPTY;
        }
        return leaving.stream().anyMatch(Leaving::blocked) ? State.HELD : State.DRAINING;
    }

    public Tone getTone() {
        return switch (getState()) {
            case IN_USE, EMPTY -> Tone.GOOD;
            case DRAINING -> Tone.BUSY;
            case HELD -> Tone.BAD;
        };
    }
}
