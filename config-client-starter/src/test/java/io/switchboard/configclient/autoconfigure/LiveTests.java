package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.configclient.Live;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class LiveTests {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(LiveAutoConfiguration.class))
            .withUserConfiguration(Desk.class);

    @Test
    void theValueIsThereWithoutAnyConfigCenter() {
        application.withPropertyValues("routing.max-wait=30s").run(context -> {
            Router router = context.getBean(Router.class);

            assertThat(router.routing.get().maxWait()).isEqualTo(Duration.ofSeconds(30));
            assertThat(router.routing.get()).isSameAs(context.getBean(RoutingProperties.class));
            assertThat(router.hours.get()).isSameAs(context.getBean(HoursProperties.class));
        });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({RoutingProperties.class, HoursProperties.class})
    @org.springframework.context.annotation.Import(Router.class)
    static class Desk {}

    record Router(Live<RoutingProperties> routing, Live<HoursProperties> hours) {}

    @ConfigurationProperties("routing")
    record RoutingProperties(@DefaultValue("10s") Duration maxWait) {}

    @ConfigurationProperties("hours")
    static class HoursProperties {

        private int opensAt = 8;

        public int getOpensAt() {
            return opensAt;
        }

        public void setOpensAt(int opensAt) {
            this.opensAt = opensAt;
        }
    }
}
