package io.switchboard.access.route;

import io.switchboard.contracts.scheduling.TaskSnapshot;

/**
 * Where one task listens.
 *
 * @param port the name of the service's port
 * @param host an IP address, or a name that the balancer's machine resolves
 * @param number 1 to 65535
 */
public record Endpoint(String taskId, String port, String host, int number, TaskSnapshot.State state) {

    public Endpoint {
        ListeningPort.checkName(port);
        ListeningPort.checkNumber(number);
        if (!taskId.matches("[!-~]{1,255}")) {
            throw new IllegalArgumentException("taskId must be printable, without blanks");
        }
        if (!host.matches("[A-Za-z0-9:._-]{1,253}")) {
            throw new IllegalArgumentException("host must be a host name or an IP address");
        }
    }

    public boolean ready() {
        return state == TaskSnapshot.State.READY;
    }
}
