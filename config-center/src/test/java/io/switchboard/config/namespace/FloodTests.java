package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.config.backup.Backups;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.ensemble.ReportedNodes;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A reader key lets its holder put any number of nodes in two places. No other tenant notices that. */
class FloodTests {

    private final TestingServer zookeeper = new TestingServer(-1, true);

    /** Its session outlives a ZooKeeper that is slow to answer because the machine is busy. */
    private final Center center =
            Center.on(zookeeper.getConnectString(), "flood", "--config.zookeeper.session-timeout=40s");

    private final Desk flooded = new Desk(center, "flooded");
    private final Desk other = new Desk(center, "unhindered");
    private final NamespacePath path = new NamespacePath("acme", "flooded", "prod", "application");

    FloodTests() throws Exception {}

    @AfterEach
    void stop() throws Exception {
        center.close();
        zookeeper.close();
    }

    @Test
    void namesThatAreTooLongForTheCentersSessionAreRead() throws Exception {
        flooded.release(Map.of("a", "1"));
        try (CuratorFramework reader = reader()) {
            putLong(reader, path.clients(), 4);
            long session = session();

            assertThat(center.get(flooded.namespace() + "/clients", ACME).status())
                    .isEqualTo(200);
            assertThat(session()).isEqualTo(session);
        }
    }

    @Test
    void whoFloodsIsToldAndAnotherTenantPublishesUnhindered() throws Exception {
        flooded.release(Map.of("a", "1"));
        Gauge overfull = center.bean(MeterRegistry.class)
                .get("switchboard.config.nodes.overfull")
                .gauge();
        publishAsGlobex(0);
        long session = session();
        try (CuratorFramework reader = reader()) {
            putLong(reader, path.clients(), 45);
            putLong(reader, path.builds(), 45);
            double before = overfull.value();

            for (int round = 1; round <= 5; round++) {
                assertThat(center.get(flooded.namespace() + "/clients", ACME).code())
                        .isEqualTo("TOO_MANY_CLIENTS");
                flooded.release(Map.of("a", "flooded " + round));
                publishAsGlobex(round);
            }

            assertThat(overfull.value()).isGreaterThanOrEqualTo(before + 1);
            assertThat(session()).as("nobody's session ended").isEqualTo(session);
        }
    }

    @Test
    void moreNodesThanTheCenterLooksAtAreNotListed() throws Exception {
        flooded.release(Map.of("a", "1"));
        try (CuratorFramework reader = reader()) {
            for (int thousand = 0; thousand <= ReportedNodes.MOST / 1_000; thousand++) {
                List<CuratorOp> steps = new ArrayList<>();
                for (int node = 0; node < 1_000; node++) {
                    steps.add(reader.transactionOp().create().forPath(path.client("c" + thousand + "-" + node)));
                }
                reader.transaction().forOperations(steps);
            }

            Answer answer = center.get(flooded.namespace() + "/clients", ACME);

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.body().get("clients").asInt()).isEqualTo(ReportedNodes.MOST + 1_000);
            flooded.release(Map.of("a", "2"));
        }
    }

    @Test
    void aBackupIsMadeWithoutBuildsThatAreTooManyToLookAt() throws Exception {
        flooded.release(Map.of("a", "1"));
        flooded.access();
        long session = session();
        try (CuratorFramework reader = reader()) {
            putLong(reader, path.builds(), 45);

            SortedMap<String, byte[]> nodes = Backups.nodes(BackupTests.backup(center));

            assertThat(nodes).containsKey(path.current());
            assertThat(nodes.keySet()).noneMatch(node -> node.startsWith(path.builds() + "/"));
            assertThat(session()).as("nobody's session ended").isEqualTo(session);
        }
    }

    /** Each name of it has almost half a mebibyte. */
    private static void putLong(CuratorFramework reader, String parent, int count) throws Exception {
        String name = "n".repeat(450_000);
        for (int node = 0; node < count; node++) {
            reader.create().forPath(parent + "/" + name + node, new byte[0]);
        }
    }

    private long session() throws Exception {
        return center.bean(Ensemble.class)
                .ask(zookeeper -> zookeeper.getZookeeperClient().getZooKeeper().getSessionId());
    }

    private void publishAsGlobex(int round) throws Exception {
        long revision = other.edit(GLOBEX, Map.of("a", String.valueOf(round)));
        Answer answer = other.publish(GLOBEX, revision);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        assertThat(center.get(other.namespace() + "/clients", GLOBEX).status()).isEqualTo(200);
    }

    /** As a program connects that has the application's key. */
    private CuratorFramework reader() throws Exception {
        JsonNode access = flooded.access();
        String credential = access.get("SWITCHBOARD_CONFIG_USER").asString() + ":"
                + access.get("SWITCHBOARD_CONFIG_SECRET").asString();
        CuratorFramework reader = CuratorFrameworkFactory.builder()
                .connectString(center.zookeeper())
                .retryPolicy(new RetryNTimes(10, 500))
                .authorization("digest", credential.getBytes(StandardCharsets.UTF_8))
                .build();
        reader.start();
        return reader;
    }
}
