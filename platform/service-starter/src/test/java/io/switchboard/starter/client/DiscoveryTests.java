package io.switchboard.starter.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.zookeeper.ZooDefs.Ids;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class DiscoveryTests {

    @Test
    @DisplayName("CVE-2023-25570: only who has the services' secret registers as a service")
    void onlyServicesRegister() {
        var environment = new MockEnvironment().withProperty("switchboard.discovery.secret", "of this test");
        var builder = CuratorFrameworkFactory.builder();

        new DiscoveryAutoConfiguration().registeredByServicesOnly(environment).customize(builder);

        assertThat(builder.getAuthInfos()).hasSize(1);
        assertThat(builder.getAclProvider().getDefaultAcl()).isEqualTo(Ids.CREATOR_ALL_ACL);
        assertThat(builder.getAclProvider().getAclForPath("/switchboard-services"))
                .isEqualTo(Ids.CREATOR_ALL_ACL);
    }
}
