package io.switchboard.configclient.autoconfigure;

import static io.switchboard.configclient.autoconfigure.TestCenter.DESK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

import io.switchboard.configclient.ConfigurationRefreshed;
import io.switchboard.configclient.Live;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

@ExtendWith(OutputCaptureExtension.class)
class DocumentTests {

    private static final NamespacePath MENU = DESK.sibling("menu.yaml");
    private static final NamespacePath HOURS = DESK.sibling("hours.json");
    private static final NamespacePath NOTES = DESK.sibling("notes.txt");

    @TempDir
    private Path cache;

    @Test
    void documentsAreFollowedLeafByLeaf(CapturedOutput output) throws Exception {
        try (var center = new TestCenter()) {
            for (NamespacePath path : List.of(MENU, HOURS, NOTES)) {
                center.create(path);
            }
            publish(center, MENU, 1, "menu:\n  entries:\n    - Sales\n    - Support\nlimits.calls: 5\n");
            publish(center, HOURS, 1, "{\"hours\": {\"opensAt\": 8}}");
            publish(center, NOTES, 1, "Hello ${caller}");
            try (var application = start(center)) {
                Desk desk = application.getBean(Desk.class);
                MenuProperties menu = desk.menu.get();
                assertThat(menu.entries()).containsExactly("Sales", "Support");
                assertThat(desk.hours.get().opensAt()).isEqualTo(8);
                assertThat(desk.notes).isEqualTo("Hello ${caller}");
                assertThat(application.getEnvironment().getProperty("notes.txt"))
                        .isEqualTo("Hello ${caller}");
                assertThat(application
                                .getBean(ReleasesEndpoint.class)
                                .releases()
                                .toString())
                        .contains("menu.entries[0]=switchboard:menu.yaml");

                publish(center, MENU, 2, "menu:\n  entries:\n    - Sales\n    - Support\nlimits.calls: 6\n");
                await().until(() -> !desk.events.isEmpty());
                assertThat(desk.limit).isEqualTo(6);
                assertThat(desk.events)
                        .containsExactly(new ConfigurationRefreshed("menu.yaml", 2, Set.of("limits.calls")));
                assertThat(desk.menu.get()).isSameAs(menu);

                publish(center, MENU, 3, "menu:\n  entries:\n    - Sales\nlimits.calls: 6\n");
                publish(center, HOURS, 2, "{\"hours\": {\"opensAt\": 9}}");
                publish(center, NOTES, 2, "Good evening");
                await().until(() -> desk.notes.equals("Good evening"));
                await().until(() -> desk.hours.get().opensAt() == 9);
                await().until(() -> desk.menu.get().entries().equals(List.of("Sales")));

                publish(center, MENU, 4, "menu: [hunter2\n");
                await().until(() -> center.reports(MENU).stream()
                        .anyMatch(report -> report.problem().orElse("").contains("release 4 is refused")));
                assertThat(center.reports(MENU).get(0).problem().orElseThrow())
                        .contains("no YAML at line 2, column 1")
                        .doesNotContain("hunter2");
                assertThat(center.reports(MENU).get(0).release()).isEqualTo(3);
                assertThat(desk.menu.get().entries()).containsExactly("Sales");
            }
            // What was refused is no ground not to start again, as long as the last good one is there.
            try (var again = start(center)) {
                assertThat(again.getBean(Desk.class).menu.get().entries()).containsExactly("Sales");
            }
            assertThatException().isThrownBy(() -> start(center, cache.resolve("another")));
            assertThat(output)
                    .contains("release 4 can't be used: its document is no YAML at line 2, column 1")
                    .contains("Publish a release that can be used")
                    .doesNotContain("hunter2")
                    .doesNotContain("Good evening");
        }
    }

    private static void publish(TestCenter center, NamespacePath path, long number, String document) throws Exception {
        center.publish(path, number, Map.of("content", document));
    }

    private ConfigurableApplicationContext start(TestCenter center) {
        return start(center, cache);
    }

    private static ConfigurableApplicationContext start(TestCenter center, Path kept) {
        return center.start(
                Application.class,
                MENU,
                kept,
                "spring.config.import=switchboard:menu.yaml,switchboard:hours.json,switchboard:notes.txt",
                "management.endpoints.web.exposure.include=*");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties({MenuProperties.class, HoursProperties.class})
    @Import(Desk.class)
    static class Application {}

    @ConfigurationProperties("menu")
    record MenuProperties(List<String> entries) {}

    @ConfigurationProperties("hours")
    record HoursProperties(int opensAt) {}

    static class Desk {

        private final Live<MenuProperties> menu;
        private final Live<HoursProperties> hours;
        private final List<ConfigurationRefreshed> events = new CopyOnWriteArrayList<>();

        @Value("${notes.txt}")
        private volatile String notes = "";

        @Value("${limits.calls}")
        private volatile int limit;

        Desk(Live<MenuProperties> menu, Live<HoursProperties> hours) {
            this.menu = menu;
            this.hours = hours;
        }

        @EventListener
        void on(ConfigurationRefreshed event) {
            events.add(event);
        }
    }
}
