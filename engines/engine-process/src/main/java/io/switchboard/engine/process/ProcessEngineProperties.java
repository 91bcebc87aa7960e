package io.switchboard.engine.process;

import io.switchboard.engine.PortRange;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the process engine.
 *
 * @param programs command line by image name without tag and digest, for example {@code [acme/acd]: [java, -jar,
 *     acd.jar]}; {@code ${memoryMib}} and {@code ${cpuMillis}} stand for what the workload asks for
 * @param directory where state, logs and working directories are kept; only one engine at a time may use it
 * @param host where the tasks' ports are reached
 * @param ports from which range tasks get their ports, first to last
 * @param mediaPorts from which range tasks get their blocks of ports for media; no other program may use it, so best outside
 *     the machine's range of ephemeral ports, and none of {@code ports}
 * @param mediaAddress where callers reach these; {@code host} if not set
 * @param logSize the most a task's log takes on disk
 * @param enforceMemory whether tasks that use more memory than they asked for are killed
 */
@ConfigurationProperties("engine.process")
public record ProcessEngineProperties(
        @DefaultValue Map<String, List<String>> programs,
        @DefaultValue(".switchboard/engine-process") Path directory,
        @DefaultValue("127.0.0.1") String host,
        @DefaultValue("20000-29999") PortRange ports,
        @DefaultValue("10000-19999") PortRange mediaPorts,
        @Nullable String mediaAddress,
        @DefaultValue("8MB") DataSize logSize,
        @DefaultValue("true") boolean enforceMemory) {

    public ProcessEngineProperties {
        programs = programs.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
        programs.forEach((image, command) -> {
            if (command.isEmpty()) {
                throw new IllegalArgumentException("engine.process.programs: the command for " + image + " is empty");
            }
        });
        if (mediaPorts.overlaps(ports)) {
            throw new IllegalArgumentException(
                    "engine.process.media-ports and engine.process.ports must have no port in" + " common, but were "
                            + mediaPorts + " and " + ports);
        }
        if (logSize.toKilobytes() < 64) {
            throw new IllegalArgumentException("engine.process.log-size must be at least 64KB but was " + logSize);
        }
    }

    /** What tasks put into their SDP. */
    String sdpAddress() {
        return mediaAddress == null ? host : mediaAddress;
    }
}
