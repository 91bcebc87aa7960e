package io.switchboard.access.route;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.util.Objects;

/**
 * Where one task listens.
 *
 * @param port the name of the service's port
 * @param host an IP address, or a name that the balancer's machine resolves
 * @param number 1 to 65535
 * @param revision of the deployment that the task runs; 0 if it isn't known
 * @param weight by which it gets new sessions beside others of its port, 0 to 256; 0 for all where no shares are in force
 */
public record Endpoint(
        String taskId,
        String port,
        String host,
        int number,
        TaskSnapshot.State state,
        // Absent in what earlier versions stored, as is the weight.
        @JsonSetter(nulls = Nulls.AS_EMPTY) long revision,
        @JsonSetter(nulls = Nulls.AS_EMPTY) int weight) {

    public Endpoint {
        Objects.requireNonNull(state);
        ListeningPort.checkName(port);
        ListeningPort.checkNumber(number);
        if (!taskId.matches("[!-~]{1,255}")) {
            throw new IllegalArgumentException("taskId must be printable, without blanks");
        }
        if (!host.matches("[A-Za-z0-9:._-]{1,253}")) {
            throw new IllegalArgumentException("host must be a host name or an IP address");
        }
        if (weight < 0 || weight > Shares.HIGHEST_WEIGHT) {
            throw new IllegalArgumentException("weight must be 0 to 256 but was " + weight);
        }
    }

    /** One of an unknown revision, without shares. */
    public Endpoint(String taskId, String port, String host, int number, TaskSnapshot.State state) {
        this(taskId, port, host, number, state, 0, 0);
    }

    Endpoint weighing(int other) {
        return new Endpoint(taskId, port, host, number, state, revision, other);
    }

    public boolean ready() {
        return state == TaskSnapshot.State.READY;
    }
}
