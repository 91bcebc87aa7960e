package io.switchboard.engine.docker;

import com.github.dockerjava.api.model.Container;
import io.switchboard.engine.MediaPorts;
import io.switchboard.engine.Node;
import io.switchboard.engine.PortRange;
import io.switchboard.engine.Workload;
import io.switchboard.engine.supervision.StartFailed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Ports of tasks with media, which share the network of the daemon's machine: to publish hundreds of ports takes the daemon
 * minutes. Which of them are held, the daemon alone says, by the labels of containers that haven't ended, those of other
 * platforms too.
 */
final class HostNetwork {

    private final Daemon daemon;
    private final MediaPorts ports;
    private final ReentrantLock lock = new ReentrantLock();

    HostNetwork(DockerEngineProperties properties, Daemon daemon) {
        this.daemon = daemon;
        boolean here = "unix".equals(properties.host().getScheme());
        this.ports = new MediaPorts(
                properties.mediaPorts(),
                "engine.docker.media-ports",
                // Of another machine only the task itself finds out, which starts again with other ports then.
                port -> here && MediaPorts.busyHere(port));
    }

    Optional<String> lacks(Workload workload) {
        return ports.lacks(workload.ports());
    }

    Node.Media media() {
        lock.lock();
        try {
            look();
            return ports.media();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Creates a container with ports of its own.
     *
     * @param create a call of the daemon; from then on its label holds them
     */
    String create(String taskId, Workload workload, Function<Map<String, PortRange>, String> create)
            throws StartFailed {
        lock.lock();
        try {
            look();
            return create.apply(ports.take(taskId, workload.ports())
                    .orElseThrow(() -> new StartFailed(ports.shortage(workload.ports()))));
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        List<Container> containers = daemon.ask(client -> client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(Labels.PORTS))
                .exec());
        Map<String, Map<String, PortRange>> held = new HashMap<>();
        for (Container container : containers) {
            if (!hasEnded(container)) {
                held.put(container.getId(), Labels.ports(container.getLabels()));
            }
        }
        ports.replace(held);
    }

    /** All processes of a container end with it. */
    static boolean hasEnded(Container container) {
        return "exited".equals(container.getState()) || "dead".equals(container.getState());
    }
}
