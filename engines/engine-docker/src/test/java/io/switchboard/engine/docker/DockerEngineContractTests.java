package io.switchboard.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.PushResponseItem;
import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Acceptance.Reason;
import io.switchboard.engine.Acceptance.Refused;
import io.switchboard.engine.Engine;
import io.switchboard.engine.PortRange;
import io.switchboard.engine.PullCredentials.Login;
import io.switchboard.engine.Workload;
import io.switchboard.engine.testkit.EngineContract;
import io.switchboard.engine.testkit.ProbeContract;
import io.switchboard.engine.testkit.probe.ProbeApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
class DockerEngineContractTests implements ProbeContract {

    private static final String IMAGE = "switchboard/probe:1";

    private final DaemonForTests docker = new DaemonForTests();
    private final Daemon daemon = new Daemon(docker.host());
    private final String platform = "test-" + UUID.randomUUID();
    private final String imageId = buildProbe();
    private Engine engine = open(null, true);

    @AfterAll
    void leaveNoContainer() {
        engine.close();
        List<Container> left = containers();
        daemon.close();
        docker.close();
        assertThat(left).isEmpty();
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public Engine reopened() {
        engine.close();
        engine = open(null, true);
        return engine;
    }

    @Override
    public String image() {
        return IMAGE;
    }

    @Override
    public String otherImage() {
        return "switchboard/probe:2";
    }

    @Override
    public String imageByDigest() {
        return "switchboard/probe@" + imageId;
    }

    @Override
    public String missingImage() {
        return "acme/nowhere:1";
    }

    /** A daemon that is started for the test begins with cold caches. */
    @Override
    public Duration patience() {
        return Duration.ofSeconds(60);
    }

    @Test
    void containersSayWhatTheyAreAndKeepTheirLimits() {
        engine.ensure(workload("labels", 1));
        eventually(() -> assertThat(ready("labels")).hasSize(1));

        Container container = containers().getFirst();
        assertThat(container.getLabels())
                .containsEntry(Labels.PLATFORM, platform)
                .containsEntry(Labels.WORKLOAD, "labels")
                .containsEntry(Labels.TASK, only("labels").id())
                .containsKey(Labels.SPEC);
        var limits = daemon.ask(
                        client -> client.inspectContainerCmd(container.getId()).exec())
                .getHostConfig();
        assertThat(limits.getMemory()).isEqualTo(128L << 20);
        assertThat(limits.getMemorySwap()).isEqualTo(128L << 20);
        assertThat(limits.getNanoCPUs()).isEqualTo(500_000_000L);
        assertThat(limits.getPidsLimit()).isEqualTo(512);
    }

    @Test
    void whatWasStoppedJustBeforeARestartDoesNotComeBack() {
        engine.ensure(workload("interrupted", 2));
        eventually(() -> assertThat(ready("interrupted")).hasSize(2));
        String chosen = engine.tasks("interrupted").getFirst().id();
        String left = engine.tasks("interrupted").getLast().id();

        engine.stopTasks("interrupted", Set.of(chosen));
        reopened();

        eventually(() -> assertThat(ids("interrupted")).containsExactly(left));
        meanwhile(() -> assertThat(ids("interrupted")).containsExactly(left));
    }

    @Test
    void aContainerThatSomebodyRemovesIsReplaced() {
        engine.ensure(workload("vanished", 1));
        eventually(() -> assertThat(ready("vanished")).hasSize(1));
        String before = only("vanished").id();

        Container container = containers().getFirst();
        daemon.ask(client ->
                client.removeContainerCmd(container.getId()).withForce(true).exec());

        eventually(() -> assertThat(ready("vanished"))
                .hasSize(1)
                .allSatisfy(task -> assertThat(task.id()).isNotEqualTo(before)));
    }

    @Test
    void onlyTasksWithMediaShareTheMachinesNetworkAndCannotSniffThere() {
        engine.ensure(workload("apart", 1));
        engine.ensure(EngineContract.withMedia(workload("beside", 1), 10));
        eventually(() -> assertThat(ready("apart")).hasSize(1));
        eventually(() -> assertThat(ready("beside")).hasSize(1));

        for (Container container : containers()) {
            var config = daemon.ask(client ->
                            client.inspectContainerCmd(container.getId()).exec())
                    .getHostConfig();
            boolean media = "beside".equals(container.getLabels().get(Labels.WORKLOAD));
            assertThat("host".equals(config.getNetworkMode())).isEqualTo(media);
            assertThat(config.getPidsLimit()).isEqualTo(512);
            if (media) {
                assertThat(config.getCapDrop()).contains(Capability.NET_RAW, Capability.NET_BIND_SERVICE);
            }
        }
    }

    @Test
    void withoutLeaveToShareTheMachinesNetworkTasksWithMediaAreRefused() {
        engine.close();
        engine = open(null, false);

        assertThat(engine.capabilities()).doesNotContain(io.switchboard.engine.Capability.MEDIA_PORTS);
        assertThat(engine.ensure(EngineContract.withMedia(workload("apart", 1), 10)))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.UNSUPPORTED);
                    assertThat(refused.detail()).contains("10 ports for media", "engine.docker.host-network-for-media");
                });
        assertThat(engine.nodes()).allSatisfy(node -> assertThat(node.media()).isEmpty());
        reopened();
    }

    @Test
    void pullsByDigestWithCredentialsWhatIsMissing(@TempDir Path directory) throws Exception {
        try (RegistryForTests registry = new RegistryForTests(directory)) {
            String digest = push(registry, "acme/pulled");
            engine.close();
            engine = open(registry.address(), true);

            Workload pulled = EngineContract.withImage(workload("pulled", 1), "acme/pulled@" + digest);
            assertThat(engine.ensure(pulled)).isEqualTo(new Accepted());
            eventually(() -> assertThat(ready("pulled")).hasSize(1));

            String missing = "acme/pulled@sha256:" + "0".repeat(64);
            assertThat(engine.ensure(EngineContract.withImage(workload("not-pulled", 1), missing)))
                    .isInstanceOfSatisfying(Refused.class, refused -> {
                        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
                        assertThat(refused.detail()).contains(registry.address());
                    });
            engine.remove("pulled");
            eventually(() -> assertThat(engine.workloads()).isEmpty());
        }
        reopened();
    }

    /** Pushes the probe under another name, and takes it off the machine again. */
    private String push(RegistryForTests registry, String repository) throws Exception {
        String name = registry.address() + "/" + repository;
        daemon.ask(client -> client.tagImageCmd(IMAGE, name, "1").exec());
        var login = new AuthConfig()
                .withRegistryAddress(registry.address())
                .withUsername(RegistryForTests.USER)
                .withPassword(RegistryForTests.PASSWORD);
        daemon.streams()
                .pushImageCmd(name)
                .withTag("1")
                .withAuthConfig(login)
                .exec(new ResultCallback.Adapter<PushResponseItem>())
                .awaitCompletion();
        var pushed = daemon.ask(client -> client.inspectImageCmd(name + ":1").exec());
        String digest = Objects.requireNonNull(pushed.getRepoDigests()).stream()
                .filter(each -> each.startsWith(name + "@"))
                .map(each -> each.substring(each.indexOf('@') + 1))
                .findFirst()
                .orElseThrow();
        daemon.ask(client -> client.removeImageCmd(name + ":1").exec());
        return digest;
    }

    private List<Container> containers() {
        return daemon.ask(client -> client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(Labels.PLATFORM, platform))
                .exec());
    }

    private Engine open(@Nullable String registry, boolean hostNetworkForMedia) {
        return DockerEngineAutoConfiguration.engine(
                new DockerEngineProperties(
                        docker.host(),
                        platform,
                        null,
                        "127.0.0.1",
                        hostNetworkForMedia,
                        // Where neither FreePorts nor the kernel takes any.
                        new PortRange(63000, 64999),
                        null,
                        512,
                        new DockerEngineProperties.Registry(registry, null, null, Duration.ofMinutes(2))),
                asked -> Optional.of(new Login(RegistryForTests.USER, RegistryForTests.PASSWORD)),
                Clock.systemUTC());
    }

    private String buildProbe() {
        Path location = ProbeApp.location();
        String inside = Files.isDirectory(location) ? "/app/probe" : "/app/probe.jar";
        String[] names = {IMAGE, "switchboard/probe:2"};
        String id = "";
        for (String name : names) {
            List<String> arguments = new ArrayList<>(List.of("--image", name, "--add", location + ":" + inside, "--"));
            arguments.addAll(ProbeApp.command("java", inside));
            id = Scripts.run(
                    "deploy/images/build-java-base",
                    Map.of(
                            "DOCKER_HOST", docker.host().toString(),
                            "JAVA_HOME", System.getProperty("java.home")),
                    arguments.toArray(String[]::new));
        }
        return id;
    }
}
