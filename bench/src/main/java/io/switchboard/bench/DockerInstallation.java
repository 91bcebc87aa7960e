package io.switchboard.bench;

import static io.switchboard.bench.Command.docker;
import static io.switchboard.bench.Output.say;

import io.switchboard.e2e.Installation;
import io.switchboard.e2e.InstallationProcess;
import io.switchboard.standalone.Standalone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/**
 * A whole installation whose tasks are containers of the sample call distributor, on the Docker daemon at {@code
 * DOCKER_HOST} or the usual socket.
 */
final class DockerInstallation implements AutoCloseable {

    private final String platform =
            "switchboard-bench-" + ProcessHandle.current().pid();
    private final String image = platform + "/acd:1";
    private final Path directory = Files.createTempDirectory("switchboard-bench-docker");
    private final InstallationProcess installation = new InstallationProcess(directory);

    DockerInstallation() throws IOException {}

    /** Whether a daemon answers; a line says so if none does. */
    static boolean possible(String part) throws IOException, InterruptedException {
        boolean answers = docker("version").succeeded();
        if (!answers) {
            say("%s not measured: no Docker daemon answers; deploy/docker/dockerd-for-tests start DIR gives one", part);
        }
        return answers;
    }

    /** The containers' label {@code io.switchboard.platform}. */
    String platform() {
        return platform;
    }

    String image() {
        return image;
    }

    /** Builds the image and starts. */
    Installation start(Map<String, String> environment) throws IOException, InterruptedException {
        Command.run(Map.of("JAVA_HOME", System.getProperty("java.home")), "deploy/images/acd/build", "--tag", image)
                .orFail();
        var gateway = docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}")
                .orFail()
                .strip();
        // Also when the benchmark is interrupted.
        Runtime.getRuntime().addShutdownHook(new Thread(installation::terminate));
        return installation.start(
                List.of("-cp", System.getProperty("java.class.path"), Standalone.class.getName()),
                List.of(
                        "--standalone.engine=docker",
                        "--standalone.platform=" + platform,
                        "--standalone.acd-image=" + image,
                        "--standalone.task-host=" + gateway),
                environment);
    }

    @Override
    public void close() throws Exception {
        installation.close();
        for (var container : docker("ps", "--all", "--quiet", "--filter", "ancestor=" + image)
                .output()
                .lines()
                .toList()) {
            docker("rm", "--force", container);
        }
        docker("image", "rm", "--force", image);
        FileSystemUtils.deleteRecursively(directory);
    }
}
