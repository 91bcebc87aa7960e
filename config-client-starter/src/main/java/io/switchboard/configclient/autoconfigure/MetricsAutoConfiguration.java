package io.switchboard.configclient.autoconfigure;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.switchboard.configclient.delivery.RunningRelease;
import java.util.function.ToDoubleFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Gauges, by namespace: {@code switchboard.config.release}, the number in effect, and
 * {@code switchboard.config.problem}, 1 while the release in effect elsewhere can't be taken over here.
 */
@AutoConfiguration(after = FollowingAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
class MetricsAutoConfiguration {

    @Bean
    MeterBinder switchboardConfigMetrics(Following following) {
        return registry -> following.releases().forEach(started -> {
            String namespace = started.path().namespace();
            Gauge.builder("switchboard.config.release", following, value(namespace, RunningRelease::number))
                    .tag("namespace", namespace)
                    .register(registry);
            Gauge.builder(
                            "switchboard.config.problem",
                            following,
                            value(namespace, release -> release.problem().isPresent() ? 1 : 0))
                    .tag("namespace", namespace)
                    .register(registry);
        });
    }

    private static ToDoubleFunction<Following> value(String namespace, ToDoubleFunction<RunningRelease> of) {
        return following -> following.releases().stream()
                .filter(release -> release.path().namespace().equals(namespace))
                .mapToDouble(of)
                .findFirst()
                .orElse(Double.NaN);
    }
}
