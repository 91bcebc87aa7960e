package io.switchboard.engine.process;

import io.switchboard.engine.Capability;
import io.switchboard.engine.MediaPorts;
import io.switchboard.engine.Node;
import io.switchboard.engine.PortRange;
import io.switchboard.engine.Workload;
import io.switchboard.engine.supervision.Launch;
import io.switchboard.engine.supervision.StartFailed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All ports that tasks have: single ones until the task is discarded, those for media ({@link Capability#MEDIA_PORTS}) until
 * nothing of it runs, because the log of an ended task is kept while its successor needs as many again.
 */
final class TaskPorts {

    private final FreePorts single;
    private final MediaPorts media;

    TaskPorts(ProcessEngineProperties properties) {
        this.single = new FreePorts(properties.ports());
        this.media = new MediaPorts(properties.mediaPorts(), "engine.process.media-ports", MediaPorts::busyHere);
    }

    Node.Media media() {
        return media.media();
    }

    Optional<String> lacks(Workload workload) {
        return media.lacks(workload.mediaPorts());
    }

    /** A record, not written yet, of a task that has all its ports; without it nothing is held. */
    TaskRecord take(Workload workload, Launch launch) throws StartFailed {
        Map<String, PortRange> blocks = media.take(launch.taskId(), workload.mediaPorts())
                .orElseThrow(() -> new StartFailed(media.shortage(workload.mediaPorts())));
        try {
            List<Workload.Port> ports = workload.singlePorts();
            List<Integer> numbers = single.take(ports.size());
            Map<String, Integer> assigned = new HashMap<>();
            for (int n = 0; n < numbers.size(); n++) {
                assigned.put(ports.get(n).name(), numbers.get(n));
            }
            return new TaskRecord(launch, workload.name(), workload.memoryMib(), assigned, blocks, 0, 0);
        } catch (StartFailed e) {
            media.release(launch.taskId());
            throw e;
        }
    }

    void keep(TaskRecord task) {
        single.keep(task.ports().values());
        media.keep(task.id(), task.media());
    }

    boolean holdsMedia(String taskId) {
        return media.holds(taskId);
    }

    void releaseMedia(String taskId) {
        media.release(taskId);
    }

    void release(TaskRecord task) {
        single.release(task.ports().values());
        media.release(task.id());
    }
}
