package io.switchboard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * An image's way from a push to running tasks: private registry, pinned digest, engine {@code docker}. Uses the Docker
 * daemon at {@code DOCKER_HOST} or the usual socket, else one of its own.
 */
class ImageByDigestTests {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path HOME = Path.of("target", "images").toAbsolutePath();
    private static final String DAEMON = "deploy/docker/dockerd-for-tests";
    private static final String BUILT = "switchboard-e2e/acd:1";
    private static final String PLATFORM =
            "switchboard-e2e-" + ProcessHandle.current().pid();

    private static String docker = "";
    private static boolean ownDaemon;
    private static StandaloneProcess standalone;
    private static Installation installation;

    @BeforeAll
    static void start() throws Exception {
        Files.createDirectories(HOME);
        docker = Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("unix:///var/run/docker.sock");
        ownDaemon = !runs("docker", "--host", docker, "version");
        if (ownDaemon) {
            docker = run(
                            ROOT.resolve(DAEMON).toString(),
                            "start",
                            HOME.resolve("dockerd").toString(),
                            Long.toString(ProcessHandle.current().pid()))
                    .replace("DOCKER_HOST=", "");
        }
        var gateway = docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}");
        standalone = new StandaloneProcess(
                Path.of("target", "image-journey"),
                Map.of("DOCKER_HOST", docker),
                "--standalone.engine=docker",
                "--standalone.platform=" + PLATFORM,
                "--standalone.task-host=" + gateway);
        installation = standalone.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (standalone != null) {
            standalone.close();
        }
        if (ownDaemon) {
            run(ROOT.resolve(DAEMON).toString(), "stop", HOME.resolve("dockerd").toString());
        } else {
            for (var container : docker("ps", "-aq", "--filter", "label=io.switchboard.platform=" + PLATFORM)
                    .lines()
                    .toList()) {
                docker("rm", "-f", container);
            }
        }
    }

    @Test
    void whatIsPushedAndPinnedIsWhatOrdersRunByItsDigest() throws Exception {
        run(
                ROOT.resolve("deploy/images/acd/build").toString(),
                "--tag",
                BUILT,
                "--jar",
                StandaloneProcess.acdJar().toString());
        var registry = "127.0.0.1:" + installation.port("registry");
        var digestFile = HOME.resolve("digest");
        run(
                "skopeo",
                "--insecure-policy",
                "copy",
                "--src-daemon-host=" + docker,
                "--dest-tls-verify=false",
                "--dest-creds=operator:" + installation.secret("operator-password"),
                "--digestfile=" + digestFile,
                "docker-daemon:" + BUILT,
                "docker://" + registry + "/platform/acd:e2e");
        var digest = Files.readString(digestFile).strip();
        // From here on only the registry has it.
        docker("image", "rm", "--force", BUILT);

        var operator = Api.operator(installation);
        var pushed =
                operator.get("image", "/api/v1/images?repository=platform/acd").expect(200);
        assertThat(pushed).hasSize(1);
        assertThat(pushed.get(0).path("digest").asString()).isEqualTo(digest);
        assertThat(pushed.get(0).path("tags").get(0).asString()).isEqualTo("e2e");
        operator.put("image", "/api/v1/images/versions?repository=platform/acd&version=e2e", Map.of("digest", digest))
                .expect(200);
        var reference = "platform/acd@" + digest;
        assertThat(operator.put("request", "/api/v1/catalog/acd/image", Map.of("reference", reference))
                        .expect(200)
                        .path("image")
                        .asString())
                .isEqualTo(reference);

        var journey = Journey.of(installation, "puller", "desk", line -> {});
        var order = journey.open(600, "by-digest");
        journey.awaitCompleted(UUID.fromString(order.path("id").asString()), Duration.ofMinutes(5));

        assertThat(journey.call().status()).isEqualTo(200);
        var containers = docker("ps", "-q", "--filter", "label=io.switchboard.platform=" + PLATFORM)
                .lines()
                .toList();
        assertThat(containers)
                .hasSameSizeAs(
                        journey.tasks(UUID.fromString(order.path("instanceId").asString())));
        for (var container : containers) {
            var image = docker("inspect", container, "--format", "{{.Image}}");
            assertThat(docker("image", "inspect", image, "--format", "{{join .RepoDigests \" \"}}"))
                    .contains(registry + "/platform/acd@" + digest);
        }
    }

    private static String docker(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("docker", "--host", docker));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private static boolean runs(String... command) throws Exception {
        try {
            return process(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** What the command printed; fails if it does. */
    private static String run(String... command) throws Exception {
        var process = process(command).redirectOutput(Redirect.PIPE).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor())
                .as(command[0] + "; what it said is in " + HOME.resolve("commands.log"))
                .isZero();
        return output;
    }

    private static ProcessBuilder process(String... command) {
        var builder = new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.appendTo(HOME.resolve("commands.log").toFile()));
        builder.environment().put("DOCKER_HOST", docker);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }
}
