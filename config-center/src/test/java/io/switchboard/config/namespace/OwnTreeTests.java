package io.switchboard.config.namespace;

import static org.assertj.core.api.Assertions.assertThatException;

import io.switchboard.config.ConfigCenterApplication;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.Test;

class OwnTreeTests {

    @Test
    void whereSomebodyElseMadeTheCentersNodesFirstNoCenterRuns() throws Exception {
        String ensemble = Center.get().zookeeper();
        try (var stranger = CuratorFrameworkFactory.newClient(ensemble, new RetryOneTime(100))) {
            stranger.start();
            stranger.create()
                    .creatingParentsIfNeeded()
                    .withACL(Ids.OPEN_ACL_UNSAFE)
                    .forPath("/planted/switchboard/config-center");
        }

        assertThatException()
                .isThrownBy(() -> ConfigCenterApplication.application()
                        .run(
                                "--server.port=0",
                                "--spring.cloud.zookeeper.enabled=false",
                                "--config.zookeeper.connect-string=" + ensemble + "/planted",
                                "--config.access.master-secret=a master secret that only tests have")
                        .close())
                .withMessageContaining("/switchboard/config-center is not this config center's alone");
    }
}
