package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LateClientsTests {

    private final TestingServer zookeeper = new TestingServer(-1, true);
    private Center center = started();

    LateClientsTests() throws Exception {}

    @AfterEach
    void stop() throws Exception {
        center.setAhead(Duration.ZERO);
        center.close();
        zookeeper.close();
    }

    @Test
    void whoWasBehindWhenTheCenterEndedIsLateAfterItsStart() throws Exception {
        Desk desk = new Desk(center, "late");
        var path = new NamespacePath("acme", "late", "prod", "application");
        desk.release(Map.of("a", "1"));
        JsonNode access = desk.access();
        try (CuratorFramework client = client(access)) {
            var first =
                    new ClientReport("task", 1, Instant.now(), Optional.empty(), Optional.empty(), Optional.empty());
            client.create().forPath(path.client("task"), first.encode());
            desk.release(Map.of("a", "2"));

            center.close();
            center = started();
            center.setAhead(Center.CONFIRM_WITHIN.plusSeconds(1));

            await().until(() -> late(center) == 1);
            assertThat(center.get(desk.namespace() + "/clients", ACME).body().findValue("lateSince"))
                    .isNotNull();
        }
    }

    @Test
    void aCenterThatRanAllTheTimeCountsForOneThatIsGoneUntilNobodyIsLate() throws Exception {
        Desk desk = new Desk(center, "late");
        var path = new NamespacePath("acme", "late", "prod", "application");
        desk.release(Map.of("a", "1"));
        JsonNode access = desk.access();
        try (Center other = started();
                CuratorFramework client = client(access)) {
            var first =
                    new ClientReport("task", 1, Instant.now(), Optional.empty(), Optional.empty(), Optional.empty());
            client.create().forPath(path.client("task"), first.encode());
            desk.release(Map.of("a", "2"));
            center.close();

            center.setAhead(Duration.ofMinutes(2));
            await().until(() -> late(other) == 1);
            center.setAhead(Duration.ofHours(3));
            await().during(Duration.ofSeconds(6)).until(() -> late(other) == 1);

            var second =
                    new ClientReport("task", 2, Instant.now(), Optional.empty(), Optional.empty(), Optional.empty());
            client.setData().forPath(path.client("task"), second.encode());
            await().until(() -> late(other) == 0);
        }
    }

    private static double late(Center center) {
        return center.bean(MeterRegistry.class)
                .get("switchboard.config.clients.late")
                .gauge()
                .value();
    }

    private Center started() throws Exception {
        return Center.on(zookeeper.getConnectString(), "late", "--config.zookeeper.session-timeout=40s");
    }

    private CuratorFramework client(JsonNode access) {
        String credential = access.get("SWITCHBOARD_CONFIG_USER").asString() + ":"
                + access.get("SWITCHBOARD_CONFIG_SECRET").asString();
        CuratorFramework client = CuratorFrameworkFactory.builder()
                .connectString(zookeeper.getConnectString())
                .sessionTimeoutMs(40_000)
                .retryPolicy(new RetryNTimes(10, 500))
                .authorization("digest", credential.getBytes(StandardCharsets.UTF_8))
                .build();
        client.start();
        return client;
    }
}
