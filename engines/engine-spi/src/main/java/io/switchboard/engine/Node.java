package io.switchboard.engine;

import java.util.Optional;

/**
 * A machine that runs tasks.
 *
 * @param host as in {@link Task#host}
 * @param cpuMillis thousandths of a core it has in all
 * @param memoryMib mebibytes it has in all
 * @param media the ports it has for media; empty where the engine lacks {@link Capability#MEDIA_PORTS}
 */
public record Node(String host, int cpuMillis, int memoryMib, Optional<Media> media) {

    /** One without ports for media. */
    public Node(String host, int cpuMillis, int memoryMib) {
        this(host, cpuMillis, memoryMib, Optional.empty());
    }

    /**
     * @param ports all it has for media
     * @param used how many of them tasks hold
     */
    public record Media(PortRange ports, int used) {}
}
