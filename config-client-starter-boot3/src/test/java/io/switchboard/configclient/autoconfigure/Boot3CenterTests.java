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
import org.springframework.core.env.Environment;

/** The test support, on 3.5. */
@SpringBootTest(
        properties = {
            "spring.config.import=switchboard:hours,switchboard:menu.yaml,switchboard:lines.json,switchboard:notes.txt",
            "switchboard.config.test.namespaces=hours,menu.yaml,lines.json,notes.txt"
        },
        webEnvironment = SpringBootTest.WebEnvironment.NONE)
@ConfigCenterTest
class Boot3CenterTests {

    @Autowired
    private Live<HoursProperties> hours;

    @Autowired
    private TestConfigCenter center;

    @Autowired
    private Environment environment;

    @Test
    void whatATestPublishesIsTakenOverOrRefused() {
        assertThat(hours.get().opensAt()).isEqualTo(8);

        center.publish("hours", Map.of("hours.opens-at", "9"));
        assertThat(hours.get().opensAt()).isEqualTo(9);

        assertThatExceptionOfType(ReleaseRefused.class)
                .isThrownBy(() -> center.publish("hours", Map.of("hours.opens-at", "early")));
        assertThat(hours.get().opensAt()).isEqualTo(9);
    }

    @Test
    void documentsAreReadAsKeys() {
        center.publish("menu.yaml", "menu: [Sales, Support]\n");
        center.publish("lines.json", "{\"lines\": {\"open\": [3]}}");
        center.publish("notes.txt", "Hello ${caller}");

        assertThat(environment.getProperty("menu[1]")).isEqualTo("Support");
        assertThat(environment.getProperty("lines.open[0]", Integer.class)).isEqualTo(3);
        assertThat(environment.getProperty("notes.txt")).isEqualTo("Hello ${caller}");
        assertThat(environment.resolvePlaceholders("${notes.txt}")).isEqualTo("Hello ${caller}");
        assertThatExceptionOfType(ReleaseRefused.class)
                .isThrownBy(() -> center.publish("lines.json", "{"))
                .withMessageContaining("no JSON at line 1");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties(HoursProperties.class)
    static class Application {}

    @ConfigurationProperties("hours")
    record HoursProperties(@DefaultValue("8") int opensAt) {}
}
