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
        if (number < 1 || number > 65_535) {
            throw new IllegalArgumentException("number must be 1 to 65535 but was " + number);
        }
        if (!taskId.matches("[!-~]{1,255}") || !port.matches("[!-~]{1,63}")) {
            throw new IllegalArgumentException("taskId and port must be printable, without blanks");
        }
        if (!host.matches("[A-Za-z0-9:._-]{1,253}")) {
            throw new IllegalArgumentException("host must be a host name or an IP address");
        }
    }

    public boolean ready() {
        return state == TaskSnapshot.State.READY;
    }
}
