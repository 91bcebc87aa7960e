package io.switchboard.configclient.autoconfigure;

import io.switchboard.configprotocol.ApplicationMetadata;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Choice;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.SealingKey;
import io.switchboard.configprotocol.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A real ZooKeeper laid out as the config center does it, with the same rights. */
final class TestCenter implements AutoCloseable {

    static final NamespacePath DESK = new NamespacePath("acme", "desk", "prod", "application");

    static final SealingKey ACCESS_KEY = SealingKey.random();

    private static final String CENTER = "center:a secret of the center";
    private static final String USER = "acme.desk";
    private static final String SECRET = "a secret of the reader";

    private TestingServer server;
    private final CuratorFramework zookeeper;

    TestCenter() throws Exception {
        server = new TestingServer(-1, true);
        zookeeper = CuratorFrameworkFactory.builder()
                .connectString(server.getConnectString())
                .authorization("digest", CENTER.getBytes(StandardCharsets.UTF_8))
                .sessionTimeoutMs(4000)
                .retryPolicy(new RetryNTimes(50, 200))
                .ensembleTracker(false)
                .build();
        zookeeper.start();
    }

    /** What a task gets in its environment, as properties. */
    String[] properties(Path cache, String... more) {
        return Stream.concat(
                        Stream.of(
                                "switchboard.config.zookeeper=" + server.getConnectString(),
                                "switchboard.config.tenant=acme",
                                "switchboard.config.application=desk",
                                "switchboard.config.stage=prod",
                                "switchboard.config.user=" + USER,
                                "switchboard.config.secret=" + SECRET,
                                "switchboard.config.access-key=" + ACCESS_KEY.encoded(),
                                "switchboard.config.cache-directory=" + cache),
                        Arrays.stream(more))
                .toArray(String[]::new);
    }

    /** An application that imports this namespace and no other. */
    ConfigurableApplicationContext start(Class<?> application, NamespacePath path, Path cache, String... more) {
        Map<String, String> arguments = new LinkedHashMap<>();
        Stream.concat(
                        Stream.of(properties(cache, "switchboard.config.stage=" + path.stage())),
                        Stream.concat(
                                Stream.of("spring.config.import=switchboard:" + path.namespace()), Arrays.stream(more)))
                // Given twice it would be a list of two: the last one counts.
                .forEach(property -> arguments.put(property.substring(0, property.indexOf('=')), "--" + property));
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .run(arguments.values().toArray(String[]::new));
    }

    void create(NamespacePath path) throws Exception {
        zookeeper.createContainers(path.node());
        create(path.current(), Pointer.NOTHING.encode(), Perms.READ);
        create(path.releases(), new byte[0], Perms.READ);
        create(
                path.clients(),
                DigestAuthenticationProvider.generateDigest(CENTER).getBytes(StandardCharsets.UTF_8),
                Perms.READ | Perms.CREATE);
    }

    /** Makes the place where builds leave what they take; centers of earlier versions have none. */
    void createBuilds(NamespacePath path) throws Exception {
        zookeeper.createContainers(path.builds().substring(0, path.builds().lastIndexOf('/')));
        create(
                path.builds(),
                DigestAuthenticationProvider.generateDigest(CENTER).getBytes(StandardCharsets.UTF_8),
                Perms.READ | Perms.CREATE);
    }

    ApplicationMetadata build(NamespacePath path, String build) throws Exception {
        return ApplicationMetadata.decode(zookeeper.getData().forPath(path.builds() + "/" + build));
    }

    void publish(NamespacePath path, long number, Map<String, String> items) throws Exception {
        zookeeper.transaction().forOperations(steps(path, number, items));
    }

    private List<CuratorOp> steps(NamespacePath path, long number, Map<String, String> items) throws Exception {
        var release = new Release(path, number, "ann", "", Instant.EPOCH, Items.of(items), OptionalLong.empty());
        return List.of(
                zookeeper
                        .transactionOp()
                        .create()
                        .withACL(acl(Perms.READ))
                        .forPath(path.release(number), release.encode()),
                zookeeper.transactionOp().setData().forPath(path.current(), Current.encode(release)));
    }

    /** A release for those whom the choice includes, beside the one in effect. */
    void give(NamespacePath path, long number, Choice choice, Map<String, String> items) throws Exception {
        var release = new Release(path, number, "ann", "", Instant.EPOCH, Items.of(items), OptionalLong.empty());
        zookeeper
                .transaction()
                .forOperations(
                        zookeeper
                                .transactionOp()
                                .create()
                                .withACL(acl(Perms.READ))
                                .forPath(path.release(number), release.encode()),
                        zookeeper
                                .transactionOp()
                                .create()
                                .withACL(acl(Perms.READ))
                                .forPath(
                                        path.canary(),
                                        Canary.of("night", choice, release).encode()));
    }

    void promote(NamespacePath path) throws Exception {
        Canary canary = Canary.decode(zookeeper.getData().forPath(path.canary()), path);
        Release release = Release.decode(
                zookeeper.getData().forPath(path.release(canary.pointer().number())));
        zookeeper
                .transaction()
                .forOperations(
                        zookeeper.transactionOp().setData().forPath(path.current(), Current.encode(release)),
                        zookeeper.transactionOp().delete().forPath(path.canary()));
    }

    void abandon(NamespacePath path) throws Exception {
        zookeeper.delete().forPath(path.canary());
    }

    /** All of them in one step. */
    void publish(long number, Map<NamespacePath, Map<String, String>> together) throws Exception {
        List<CuratorOp> steps = new ArrayList<>();
        for (Map.Entry<NamespacePath, Map<String, String>> one : together.entrySet()) {
            steps.addAll(steps(one.getKey(), number, one.getValue()));
        }
        zookeeper.transaction().forOperations(steps);
    }

    /** Encrypted items beside plain ones, under a data key of their own. */
    void publishSealed(NamespacePath path, long number, Map<String, String> items, Map<String, String> secrets)
            throws Exception {
        SealingKey dataKey = SealingKey.random();
        SortedMap<String, Secret> sealed = new TreeMap<>();
        secrets.forEach((key, value) -> sealed.put(key, Secret.seal(dataKey, path, key, value, "ann", Instant.EPOCH)));
        var release = new Release(
                path,
                number,
                "ann",
                "",
                Instant.EPOCH,
                new Items(new TreeMap<>(items), sealed),
                OptionalLong.empty(),
                List.of(ACCESS_KEY.sealKey(Release.dataKeyContext(path), dataKey)));
        zookeeper.setData().forPath(path.current(), Current.encode(release));
    }

    /** Beside the pointer and nowhere else. */
    void publishInline(NamespacePath path, long number, Map<String, String> items) throws Exception {
        var release = new Release(path, number, "ann", "", Instant.EPOCH, Items.of(items), OptionalLong.empty());
        zookeeper.setData().forPath(path.current(), Current.encode(release));
    }

    void publishDamaged(NamespacePath path, long number) throws Exception {
        var release = new Release(
                path,
                number,
                "ann",
                "",
                Instant.EPOCH,
                Items.of(Map.of("routing.max-wait", "1s")),
                OptionalLong.empty());
        byte[] damaged = release.encode();
        damaged[60] ^= 1;
        create(path.release(number), damaged, Perms.READ);
        zookeeper.setData().forPath(path.current(), release.pointer().encode());
    }

    /** Nobody can read this release any more. */
    void lose(NamespacePath path, long number) throws Exception {
        zookeeper.delete().forPath(path.release(number));
    }

    /** No pointer is left that could be read. */
    void spoil(NamespacePath path) throws Exception {
        zookeeper.setData().forPath(path.current(), new byte[] {1, 2, 3});
    }

    List<ClientReport> reports(NamespacePath path) throws Exception {
        List<ClientReport> reports = new ArrayList<>();
        for (String client : zookeeper.getChildren().forPath(path.clients())) {
            reports.add(ClientReport.decode(zookeeper.getData().forPath(path.clients() + "/" + client)));
        }
        return reports;
    }

    void stop() throws Exception {
        server.stop();
    }

    void restart() throws Exception {
        server.restart();
    }

    /** Comes back at the same address knowing nothing, not even the sessions: they are all expired. */
    void loseEverything() throws Exception {
        int port = server.getPort();
        server.close();
        server = new TestingServer(port, true);
    }

    private void create(String node, byte[] data, int readerMay) throws Exception {
        zookeeper.create().withACL(acl(readerMay)).forPath(node, data);
    }

    private static List<ACL> acl(int readerMay) throws Exception {
        return List.of(
                new ACL(Perms.ALL, new Id("digest", DigestAuthenticationProvider.generateDigest(CENTER))),
                new ACL(readerMay, new Id("digest", DigestAuthenticationProvider.generateDigest(USER + ":" + SECRET))));
    }

    @Override
    public void close() throws Exception {
        zookeeper.close();
        server.close();
    }
}
