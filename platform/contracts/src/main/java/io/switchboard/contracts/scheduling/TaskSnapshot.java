package io.switchboard.contracts.scheduling;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * All tasks of an instance that a balancer should know, on topic {@link #TOPIC}, whose messages are JSON arrays. Each snapshot replaces the one
 * before; one that was lost or came late does no harm.
 *
 * @param sequence grows with every change of this instance; a lower one than the last seen is ignored
 * @param ports that a balancer carries; of those told, media is left out, which goes past it
 * @param tasks ready and draining tasks; empty together with {@code removed} ends every route of the instance
 * @param removed the instance is gone for good
 */
public record TaskSnapshot(
        UUID instanceId,
        String tenant,
        String instanceName,
        String serviceType,
        long sequence,
        List<PortSpec> ports,
        List<ServingTask> tasks,
        boolean removed) {

    public static final String TOPIC = "events.task";

    public TaskSnapshot {
        ports = ports.stream().filter(PortSpec::balanced).toList();
        tasks = List.copyOf(tasks);
    }

    /**
     * @param id unique over all instances and time
     * @param host where the balancer reaches it
     * @param ports by the name of the {@link PortSpec}
     * @param revision of the deployment that it runs; 0 if it isn't told
     */
    public record ServingTask(
            String id,
            String host,
            Map<String, Integer> ports,
            State state,
            // Absent in what earlier versions said.
            @JsonSetter(nulls = Nulls.AS_EMPTY) long revision) {

        /** One whose revision isn't told. */
        public ServingTask(String id, String host, Map<String, Integer> ports, State state) {
            this(id, host, ports, state, 0);
        }

        public ServingTask {
            ports = Map.copyOf(ports);
        }
    }

    public enum State {
        READY,
        /** Finishes what it has and gets nothing new. */
        DRAINING
    }
}
