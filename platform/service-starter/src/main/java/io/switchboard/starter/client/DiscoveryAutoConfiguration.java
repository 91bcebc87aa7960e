package io.switchboard.starter.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.zookeeper.CuratorFrameworkCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Only services may register as one. Tasks reach the same ZooKeeper for their configuration; one that could register as
 * a service would be sent other callers' tokens.
 */
@AutoConfiguration(beforeName = "org.springframework.cloud.zookeeper.ZookeeperAutoConfiguration")
@ConditionalOnProperty("switchboard.discovery.secret")
class DiscoveryAutoConfiguration {

    /** {@code switchboard.discovery.secret}: what services share to register and to find one another; never logged. */
    @Bean
    CuratorFrameworkCustomizer registeredByServicesOnly(Environment environment) {
        var credential = "services:" + environment.getRequiredProperty("switchboard.discovery.secret");
        return curator -> curator.authorization("digest", credential.getBytes(StandardCharsets.UTF_8))
                .aclProvider(new CreatorOnly());
    }

    private static final class CreatorOnly implements ACLProvider {

        @Override
        public List<ACL> getDefaultAcl() {
            return ZooDefs.Ids.CREATOR_ALL_ACL;
        }

        @Override
        public List<ACL> getAclForPath(String path) {
            return ZooDefs.Ids.CREATOR_ALL_ACL;
        }
    }
}
