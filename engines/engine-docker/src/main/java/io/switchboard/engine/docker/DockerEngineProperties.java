package io.switchboard.engine.docker;

import io.switchboard.engine.PortRange;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the Docker engine.
 *
 * @param host where the daemon answers, {@code unix:///…} or {@code tcp://…}
 * @param platform tells this platform's containers from those of others on the same daemon
 * @param network the network containers join; the daemon's default one if not set
 * @param publishAddress the address of the daemon's machine at which tasks' ports are reached
 * @param hostNetworkForMedia whether tasks with ports for media may share the network of the daemon's machine, where nothing
 *     keeps them from its other programs; without it they are refused
 * @param mediaPorts from which range these tasks get all their ports; no other program of that machine may use it, so best
 *     outside its range of ephemeral ports
 * @param mediaAddress where callers reach these; {@code publishAddress} if not set
 * @param pids the most processes and threads a task may have
 * @param registry where images come from that are not on the daemon's machine
 */
@ConfigurationProperties("engine.docker")
public record DockerEngineProperties(
        @DefaultValue("unix:///var/run/docker.sock") URI host,
        @DefaultValue("switchboard") String platform,
        @Nullable String network,
        @DefaultValue("127.0.0.1") String publishAddress,
        @DefaultValue("false") boolean hostNetworkForMedia,
        @DefaultValue("10000-19999") PortRange mediaPorts,
        @Nullable String mediaAddress,
        @DefaultValue("512") long pids,
        @DefaultValue Registry registry) {

    public DockerEngineProperties {
        if (pids < 16) {
            throw new IllegalArgumentException("engine.docker.pids must be at least 16 but was " + pids);
        }
        if (platform.isBlank()) {
            throw new IllegalArgumentException("engine.docker.platform must not be empty");
        }
    }

    /** What tasks put into their SDP. */
    String sdpAddress() {
        return mediaAddress == null ? publishAddress : mediaAddress;
    }

    /**
     * @param address host and port; nothing is pulled if not set
     * @param username for a registry with fixed credentials; a {@link io.switchboard.engine.PullCredentials} bean wins
     * @param password see username
     * @param pullSilence a pull of which the daemon tells no progress for so long has failed; at least 1s
     */
    public record Registry(
            @Nullable String address,
            @Nullable String username,
            @Nullable String password,
            @DefaultValue("2m") Duration pullSilence) {

        public Registry {
            if (pullSilence.toSeconds() < 1) {
                throw new IllegalArgumentException(
                        "engine.docker.registry.pull-silence must be at least 1s but was " + pullSilence);
            }
        }

        @Override
        public String toString() {
            return "Registry[" + address + ", " + username + "]";
        }
    }
}
