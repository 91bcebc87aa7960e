package io.switchboard.configclient.autoconfigure;

import java.util.stream.Collectors;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Shows the releases in effect under {@code switchboardConfig} of actuator's {@code info}. */
@AutoConfiguration(after = FollowingAutoConfiguration.class)
@ConditionalOnClass(InfoContributor.class)
class InfoAutoConfiguration {

    @Bean
    InfoContributor switchboardConfigInfoContributor(Following following) {
        return info -> info.withDetail(
                "switchboardConfig",
                following.releases().stream()
                        .collect(Collectors.toMap(release -> release.path().namespace(), ReleaseDetails::of)));
    }
}
