package io.switchboard.configclient.autoconfigure;

import io.switchboard.configclient.delivery.RunningRelease;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Health contributor {@code switchboardConfig}. An application with its last good configuration works, so trouble is
 * {@code UNKNOWN} with its reason, never {@code DOWN}: nothing should be restarted for it.
 */
@AutoConfiguration(after = FollowingAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
class HealthAutoConfiguration {

    @Bean
    HealthIndicator switchboardConfigHealthIndicator(Following following) {
        return () -> health(following.releases(), following.reachable());
    }

    private static Health health(List<RunningRelease> releases, boolean reachable) {
        boolean trouble = !releases.isEmpty()
                && (!reachable
                        || releases.stream()
                                .anyMatch(release -> release.problem().isPresent()));
        Health.Builder health = trouble ? Health.unknown() : Health.up();
        if (!releases.isEmpty()) {
            health.withDetail("zookeeper", reachable ? "connected" : "not connected");
        }
        releases.forEach(release -> health.withDetail(release.path().namespace(), ReleaseDetails.of(release)));
        return health.build();
    }
}
