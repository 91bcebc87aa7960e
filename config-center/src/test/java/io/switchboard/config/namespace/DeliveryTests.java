package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.OPERATOR;
import static io.switchboard.config.namespace.Center.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.configclient.Live;
import io.switchboard.configprotocol.CannotOpen;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.SealingKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;

/** What a task gets from us, used as the task uses it. */
class DeliveryTests {

    @TempDir
    private Path cache;

    @Test
    void aClientStartsBeforeTheFirstReleaseAndSeesIt() throws Exception {
        Center center = Center.get();
        String desk = "/api/v1/config/delivered/prod/application";
        try (var task = task(access("acme", "delivered"))) {
            Live<?> routing = (Live<?>)
                    task.getBeanProvider(ResolvableType.forClassWithGenerics(Live.class, RoutingProperties.class))
                            .getObject();
            assertThat(routing.get()).isEqualTo(new RoutingProperties(3));

            long revision = center.put(desk + "/draft/items", ACME, center.items(Map.of("routing.attempts", "5")))
                    .body()
                    .get("revision")
                    .asLong();
            assertThat(center.post(desk + "/releases", ACME, "{\"revision\":" + revision + "}")
                            .status())
                    .isEqualTo(201);

            await().until(() -> new RoutingProperties(5).equals(routing.get()));
            await().until(() -> center.get(desk + "/clients", ACME)
                            .body()
                            .path(0)
                            .path("release")
                            .asInt(0)
                    == 1);
            assertThat(center.get(desk + "/clients", ACME)
                            .body()
                            .get(0)
                            .get("client")
                            .asString())
                    .isEqualTo("task-7");
        }
    }

    @Test
    void anEncryptedItemReachesTheTaskThroughRotationsOfAllKeys() throws Exception {
        Center center = Center.get();
        Desk desk = new Desk(center, "sealed");
        Map<String, String> access = access("acme", "sealed");
        NamespacePath path = new NamespacePath("acme", "sealed", "prod", "application");
        try (var task = task(access);
                CuratorFramework reader = zookeeper(credential(access))) {
            Live<?> routing = (Live<?>)
                    task.getBeanProvider(ResolvableType.forClassWithGenerics(Live.class, RoutingProperties.class))
                            .getObject();
            long revision = desk.encrypt(ACME, Map.of("routing.attempts", "47114712"));
            assertThat(desk.publish(ACME, revision).status()).isEqualTo(201);
            await().until(() -> new RoutingProperties(47114712).equals(routing.get()));
            Release first = Release.decode(reader.getData().forPath(path.release(1)));
            assertThat(new String(first.encode(), StandardCharsets.ISO_8859_1)).doesNotContain("47114712");

            assertThat(center.post(desk.namespace() + "/data-key/rotations", ACME, "{}")
                            .status())
                    .isEqualTo(200);

            Release second = Release.decode(reader.getData().forPath(path.release(2)));
            assertThat(keyOfAttempts(second)).isNotEqualTo(keyOfAttempts(first));
            await().until(() -> runs(desk, 2));
            assertThat(routing.get()).isEqualTo(new RoutingProperties(47114712));

            SealingKey former = center.masterKeys().getFirst();
            SealingKey next = SealingKey.random();
            center.masterKeys(List.of(next, former));
            Center.Answer rotated = center.post("/api/v1/config-master-key/rotations", OPERATOR, "");
            assertThat(rotated.body().get("sealedWith").propertyNames()).containsExactly(next.id());
            center.masterKeys(List.of(next));

            revision = desk.encrypt(ACME, Map.of("routing.attempts", "47114713"));
            assertThat(desk.publish(ACME, revision).status()).isEqualTo(201);
            await().until(() -> new RoutingProperties(47114713).equals(routing.get()));
            assertThat(access("acme", "sealed")).isEqualTo(access);
        }
    }

    private static String keyOfAttempts(Release release) {
        return Objects.requireNonNull(release.items().secrets().get("routing.attempts"))
                .dataKeyId();
    }

    private static boolean runs(Desk desk, long release) throws Exception {
        return desk.center()
                        .get(desk.namespace() + "/clients", ACME)
                        .body()
                        .path(0)
                        .path("release")
                        .asLong(0)
                == release;
    }

    @Test
    void nobodyElsesKeyOpensAnEncryptedItem() throws Exception {
        Desk desk = new Desk(Center.get(), "sealed-from-others");
        NamespacePath path = new NamespacePath("acme", "sealed-from-others", "prod", "application");
        Map<String, String> own = access("acme", "sealed-from-others");
        assertThat(desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "hunter2")))
                        .status())
                .isEqualTo(201);

        try (CuratorFramework reader = zookeeper(credential(own));
                CuratorFramework foreign = zookeeper(credential(access("globex", "sealed-from-others")))) {
            refused(() -> foreign.getData().forPath(path.current()));
            refused(() -> foreign.getData().forPath(path.release(1)));
            Release release = Release.decode(reader.getData().forPath(path.release(1)));
            assertThat(release.open(accessKey(own))).containsEntry("password", "hunter2");
            for (Map<String, String> other : List.of(access("acme", "other"), access("globex", "sealed-from-others"))) {
                assertThatExceptionOfType(CannotOpen.class).isThrownBy(() -> release.open(accessKey(other)));
            }
            assertThatExceptionOfType(CannotOpen.class).isThrownBy(() -> release.open(Optional.empty()));
            for (String node : List.of("", "/acme", "/acme/sealed-from-others/prod", "/" + path)) {
                refused(() -> reader.getData().forPath(Documents.ROOT + "/keys" + node));
                refused(() -> reader.getChildren().forPath(Documents.ROOT + "/keys" + node));
            }
        }
    }

    private static Optional<SealingKey> accessKey(Map<String, String> access) {
        return Optional.of(SealingKey.parse(Objects.requireNonNull(access.get("SWITCHBOARD_CONFIG_ACCESS_KEY"))));
    }

    private ConfigurableApplicationContext task(Map<String, String> access) {
        return new SpringApplicationBuilder(Task.class)
                .web(WebApplicationType.NONE)
                .run(Stream.concat(
                                access.entrySet().stream()
                                        .map(entry -> "--" + property(entry.getKey()) + "=" + entry.getValue()),
                                Stream.of(
                                        "--spring.config.import=switchboard:",
                                        "--spring.cloud.zookeeper.enabled=false",
                                        "--switchboard.config.cache-directory=" + cache,
                                        "--switchboard.task-id=task-7"))
                        .toArray(String[]::new));
    }

    /** As the environment variable would be read. */
    private static String property(String variable) {
        return variable.toLowerCase(Locale.ROOT)
                .replaceFirst("switchboard_config_", "switchboard.config.")
                .replace('_', '-');
    }

    @Test
    void accessIsTheSameEveryTimeAndForEachApplicationItsOwn() throws Exception {
        assertThat(access("acme", "desk-a")).isEqualTo(access("acme", "desk-a"));
        assertThat(access("acme", "desk-a"))
                .containsEntry("SWITCHBOARD_CONFIG_ZOOKEEPER", Center.get().zookeeper())
                .containsEntry("SWITCHBOARD_CONFIG_USER", "acme.desk-a")
                .containsOnlyKeys(
                        "SWITCHBOARD_CONFIG_ZOOKEEPER",
                        "SWITCHBOARD_CONFIG_TENANT",
                        "SWITCHBOARD_CONFIG_APPLICATION",
                        "SWITCHBOARD_CONFIG_STAGE",
                        "SWITCHBOARD_CONFIG_USER",
                        "SWITCHBOARD_CONFIG_SECRET",
                        "SWITCHBOARD_CONFIG_ACCESS_KEY");
        for (String own : List.of("SWITCHBOARD_CONFIG_SECRET", "SWITCHBOARD_CONFIG_ACCESS_KEY")) {
            assertThat(Stream.of(access("acme", "desk-a"), access("acme", "desk-b"), access("globex", "desk-a"))
                            .map(environment -> environment.get(own))
                            .collect(Collectors.toSet()))
                    .hasSize(3);
        }
    }

    @Test
    void aReaderReadsItsOwnAndNothingElse() throws Exception {
        Map<String, String> own = access("acme", "guarded");
        NamespacePath path = new NamespacePath("acme", "guarded", "prod", "application");

        try (CuratorFramework reader = zookeeper(credential(own));
                CuratorFramework foreign = zookeeper(credential(access("acme", "other")));
                CuratorFramework namesake = zookeeper(credential(access("globex", "guarded")));
                CuratorFramework anonymous = zookeeper(null)) {
            assertThat(Pointer.decode(reader.getData().forPath(path.current()))).isEqualTo(Pointer.NOTHING);
            reader.create().forPath(path.client("me"), new byte[0]);

            for (String node : new String[] {
                path.applicationNode(), path.node(), path.current(), path.releases(), path.clients(), path.draft()
            }) {
                for (CuratorFramework other : new CuratorFramework[] {foreign, namesake, anonymous}) {
                    refused(() -> other.getData().forPath(node));
                    refused(() -> other.getChildren().forPath(node));
                    refused(() -> other.setData().forPath(node, new byte[0]));
                    refused(() -> other.create().forPath(node + "/x", new byte[0]));
                }
            }
            refused(() -> reader.getData().forPath(path.draft()));
            refused(() -> reader.setData().forPath(path.current(), new byte[0]));
            refused(() -> reader.create().forPath(path.release(1), new byte[0]));
            refused(() -> reader.delete().forPath(path.current()));
            refused(() -> reader.getChildren().forPath(NamespacePath.ROOT));
            refused(() -> reader.getChildren().forPath(path.tenantNode()));
            refused(() -> anonymous.delete().forPath(NamespacePath.ROOT));
        }
    }

    @Test
    void aSmallReleaseStandsBesideItsPointerAndALargeOneInItsNodeOnly() throws Exception {
        Map<String, String> own = access("acme", "inlined");
        NamespacePath path = new NamespacePath("acme", "inlined", "prod", "application");

        try (CuratorFramework reader = zookeeper(credential(own))) {
            publish(path, Map.of("a", "1"));
            Release small = Release.decode(reader.getData().forPath(path.release(1)));
            assertThat(Current.decode(reader.getData().forPath(path.current()), path))
                    .isEqualTo(new Current(small.pointer(), Optional.of(small)));

            byte[] random = new byte[Current.LARGEST_INLINE];
            new Random(7).nextBytes(random);
            publish(path, Map.of("b", HexFormat.of().formatHex(random)));
            Release large = Release.decode(reader.getData().forPath(path.release(2)));
            assertThat(large.items().values()).containsEntry("a", "1");
            assertThat(Current.decode(reader.getData().forPath(path.current()), path))
                    .isEqualTo(new Current(large.pointer(), Optional.empty()));
        }
    }

    private static void publish(NamespacePath path, Map<String, @Nullable String> items) throws Exception {
        Center center = Center.get();
        String namespace = "/api/v1/config/" + path.application() + "/" + path.stage() + "/" + path.namespace();
        long revision = center.put(namespace + "/draft/items", ACME, center.items(items))
                .body()
                .get("revision")
                .asLong();
        assertThat(center.post(namespace + "/releases", ACME, "{\"revision\":" + revision + "}")
                        .status())
                .isEqualTo(201);
    }

    private interface Attempt {
        @Nullable
        Object make() throws Exception;
    }

    private static void refused(Attempt attempt) {
        assertThatExceptionOfType(KeeperException.NoAuthException.class).isThrownBy(attempt::make);
    }

    private static String credential(Map<String, String> access) {
        return access.get("SWITCHBOARD_CONFIG_USER") + ":" + access.get("SWITCHBOARD_CONFIG_SECRET");
    }

    private static CuratorFramework zookeeper(@Nullable String credential) throws Exception {
        var builder = CuratorFrameworkFactory.builder()
                .connectString(Center.get().zookeeper())
                .retryPolicy(new RetryOneTime(100));
        if (credential != null) {
            builder.authorization("digest", credential.getBytes(StandardCharsets.UTF_8));
        }
        CuratorFramework zookeeper = builder.build();
        zookeeper.start();
        return zookeeper;
    }

    private static Map<String, String> access(String tenant, String application) throws Exception {
        Center.Answer answer = Center.get()
                .post(
                        "/internal/v1/config/access",
                        SERVICE,
                        "{\"tenant\":\"" + tenant + "\",\"application\":\"" + application + "\",\"stage\":\"prod\"}");
        assertThat(answer.status()).isEqualTo(200);
        return answer.body()
                .get("environment")
                .propertyStream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> Objects.requireNonNull(entry.getValue().asString())));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "io.switchboard.starter.problem.ProblemAutoConfiguration",
                "io.switchboard.starter.security.SecurityAutoConfiguration"
            })
    @EnableConfigurationProperties(RoutingProperties.class)
    static class Task {}

    @ConfigurationProperties("routing")
    record RoutingProperties(@DefaultValue("3") int attempts) {}
}
