package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.configclient.Live;
import io.switchboard.configclient.test.ConfigCenterTest;
import io.switchboard.configclient.test.ReleaseRefused;
import io.switchboard.configclient.test.TestConfigCenter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;

/** The test support, on 3.5. */
@SpringBootTest(
        properties = {"spring.config.import=switchboard:hours", "switchboard.config.test.namespaces=hours"},
        webEnvironment = SpringBootTest.WebEnvironment.NONE)
@ConfigCenterTest
class Boot3CenterTests {

    @Autowired
    private Live<HoursProperties> hours;

    @Autowired
    private TestConfigCenter center;

    @Test
    void whatATestPublishesIsTakenOverOrRefused() {
        assertThat(hours.get().opensAt()).isEqualTo(8);

        center.publish("hours", Map.of("hours.opens-at", "9"));
        assertThat(hours.get().opensAt()).isEqualTo(9);

        assertThatExceptionOfType(ReleaseRefused.class)
                .isThrownBy(() -> center.publish("hours", Map.of("hours.opens-at", "early")));
        assertThat(hours.get().opensAt()).isEqualTo(9);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties(HoursProperties.class)
    static class Application {}

    @ConfigurationProperties("hours")
    record HoursProperties(@DefaultValue("8") int opensAt) {}
}
