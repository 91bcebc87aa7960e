package io.switchboard.engine.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.switchboard.engine.EngineUnavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The Docker daemon, and what its silence means. */
final class Daemon implements AutoCloseable {

    private final DockerClient calls;
    private final DockerClient streams;

    Daemon(URI host) {
        this.calls = client(host, Duration.ofSeconds(30));
        this.streams = client(host, null);
    }

    private static DockerClient client(URI host, @Nullable Duration answerWithin) {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(host.toString())
                .build();
        var http = new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .maxConnections(100)
                .connectionTimeout(Duration.ofSeconds(5))
                .responseTimeout(answerWithin)
                .build();
        return DockerClientImpl.getInstance(config, http);
    }

    /**
     * @throws DockerException if the daemon refused
     * @throws EngineUnavailable if it gave no answer
     */
    <T extends @Nullable Object> T attempt(Function<DockerClient, T> call) {
        try {
            return call.apply(calls);
        } catch (DockerException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new EngineUnavailable("docker", e);
        }
    }

    /**
     * @throws DockerException if the daemon refused
     * @throws EngineUnavailable if it gave no answer, or one that says that it is in trouble
     */
    <T extends @Nullable Object> T ask(Function<DockerClient, T> call) {
        try {
            return attempt(call);
        } catch (DockerException e) {
            if (e.getHttpStatus() >= 500) {
                throw new EngineUnavailable("docker", e);
            }
            throw e;
        }
    }

    /** Empty if the daemon refused; for what may be gone or done already. */
    <T> Optional<T> tryTo(Function<DockerClient, @Nullable T> call) {
        try {
            return Optional.ofNullable(this.<@Nullable T>ask(call));
        } catch (DockerException e) {
            return Optional.empty();
        }
    }

    /** For answers that go on and on. */
    DockerClient streams() {
        return streams;
    }

    @Override
    public void close() {
        try {
            calls.close();
            streams.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
