package io.switchboard.configclient.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.configclient.test.ConfigCenterTest;
import io.switchboard.configclient.test.ReleaseRefused;
import io.switchboard.configclient.test.TestConfigCenter;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The how-to's example. */
@SpringBootTest(properties = "spring.config.import=switchboard:", webEnvironment = SpringBootTest.WebEnvironment.NONE)
@ConfigCenterTest
class RouterTests {

    @Autowired
    private Router router;

    @Autowired
    private TestConfigCenter center;

    @Test
    void itGivesUpAfterAsManyAttemptsAsAreConfigured() {
        center.publish(Map.of("routing.attempts", "2"));
        assertThat(router.givesUp(Duration.ZERO, 2)).isTrue();

        center.publish(Map.of("routing.attempts", "5"));
        assertThat(router.givesUp(Duration.ZERO, 2)).isFalse();

        assertThatExceptionOfType(ReleaseRefused.class)
                .isThrownBy(() -> center.publish(Map.of("routing.attempts", "-1")))
                .withMessageContaining("routing.attempts");
        assertThat(router.givesUp(Duration.ZERO, 2)).isFalse();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties(RoutingProperties.class)
    @Import(Router.class)
    static class Application {}
}
