package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.Resources;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * One state of a deployment, unchangeable, run by a workload of its own. The number of tasks is not part of it.
 *
 * @param number grows with every revision of an instance, from 1
 * @param workload the workload's name, see {@link #workloadName}
 * @param parameters the order's parameters as JSON, byte for byte what each task gets
 * @param configAccess whether its tasks read their configuration from the config center
 * @param secret whether its tasks know the scheduler by a secret, see {@code TaskSecrets}; all but those of old
 */
public record Revision(
        long number,
        String workload,
        String image,
        List<PortSpec> ports,
        String parameters,
        Resources perTask,
        boolean configAccess,
        boolean secret) {

    /** What all our workloads' names start with, so that an engine's other workloads are left alone. */
    public static final String WORKLOAD_PREFIX = "sb-";

    public Revision {
        ports = List.copyOf(ports);
    }

    /** The same name every time: {@code sb-}, 12 hexadecimal digits of the instance's hash, {@code -r}, the number. */
    public static String workloadName(UUID instanceId, long number) {
        try {
            var hash = MessageDigest.getInstance("SHA-256")
                    .digest(instanceId.toString().getBytes(StandardCharsets.UTF_8));
            return WORKLOAD_PREFIX + HexFormat.of().formatHex(hash, 0, 6) + "-r" + number;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The same in everything but number and size. */
    Revision as(UUID instanceId, long next, Resources size) {
        return new Revision(next, workloadName(instanceId, next), image, ports, parameters, size, configAccess, true);
    }

    /** Whether the other's tasks would run the same program with the same parameters. */
    boolean runsTheSame(Revision other) {
        return as(new UUID(0, 0), 0, perTask).equals(other.as(new UUID(0, 0), 0, perTask));
    }
}
