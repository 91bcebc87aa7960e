package io.switchboard.contracts.scheduling;

import io.switchboard.contracts.identity.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/** The machines that run tasks; operators only. {@link Caller} parameters come from the access token. */
@HttpExchange("/api/v1/nodes")
public interface NodesApi {

    /** Nodes that the engine lists, that tasks run on, or that are drained; by host. */
    @GetExchange
    List<NodeView> nodes(@Nullable Caller caller);

    /**
     * Empties a node for maintenance: new revisions keep off it, and every instance with tasks there moves to a revision
     * of its own, each old task once its calls have ended. An instance whose rollout is under way, on trial or paused
     * moves after that; {@link NodeView#leaving} says which these are, and an operator may promote, abort or resume
     * them. It stays so until the drain is taken back.
     */
    @PutExchange("/{host}/drain")
    NodeView drain(@PathVariable String host, @Nullable Caller caller);

    /** Lets new revisions use the node again; one that isn't drained stays as it is. */
    @DeleteExchange("/{host}/drain")
    NodeView undrain(@PathVariable String host, @Nullable Caller caller);

    /**
     * @param size what it has in all; absent where the engine doesn't say
     * @param used what the tasks on it were given
     * @param tasks tasks of ours on it, those that finish their calls included; while it is emptied, all of them have
     *     still to leave
     * @param drainedSince since when it is emptied
     * @param leaving whose tasks these are, by tenant and name; empty unless it is emptied
     * @param media its ports for media; absent where the engine has none to give
     */
    record NodeView(
            String host,
            Optional<Resources> size,
            Used used,
            int tasks,
            Optional<Instant> drainedSince,
            List<Leaving> leaving,
            Optional<MediaPorts> media) {

        public NodeView {
            leaving = List.copyOf(leaving);
        }
    }

    /**
     * @param cpuMillis thousandths of a core
     * @param memoryMib mebibytes
     */
    record Used(int cpuMillis, int memoryMib) {}

    /**
     * Ports from first to last, both included.
     *
     * @param used how many of them tasks hold
     * @param free the others; a task needs its own in one piece
     */
    record MediaPorts(int first, int last, int used, int free) {}

    /**
     * An instance that has to leave a node.
     *
     * @param tasks its tasks there
     * @param blocked whether they stay there until somebody does something
     * @param why in plain words: what keeps it and what helps, or how far it is
     */
    record Leaving(UUID instanceId, String tenant, String instanceName, int tasks, boolean blocked, String why) {}
}
