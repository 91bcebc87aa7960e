package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.configclient.Change;
import io.switchboard.configclient.Live;
import io.switchboard.configclient.OnConfigurationChange;
import io.switchboard.configclient.RefreshScope;
import io.switchboard.configprotocol.ApplicationMetadata;
import io.switchboard.configprotocol.Constraint;
import io.switchboard.configprotocol.ClientReport;
import jakarta.validation.constraints.Max;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.info.InfoEndpoint;
import org.springframework.boot.actuate.health.CompositeHealth;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.validation.annotation.Validated;

/** What the starter's own tests show on Spring Boot 4, in short, on 3.5. */
class Boot3Tests {

    @TempDir
    Path cache;

    private TestCenter center;
    private ConfigurableApplicationContext context;

    @BeforeAll
    static void waitForABusyMachine() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
    }

    @BeforeEach
    void startCenter() throws Exception {
        center = new TestCenter();
        center.create(TestCenter.DESK);
        center.createBuilds(TestCenter.DESK);
    }

    @AfterEach
    void stop() throws Exception {
        if (context != null) {
            context.close();
        }
        center.close();
    }

    @Test
    void anApplicationFollowsReleasesAndRefusesWhatDoesNotFit() throws Exception {
        assertThat(SpringBootVersion.getVersion()).startsWith("3.5.");
        center.publish(TestCenter.DESK, 1, Map.of("routing.max-wait", "10s", "hours.opens-at", "9"));
        start();
        Desk desk = context.getBean(Desk.class);
        assertThat(desk.routing().get().maxWait()).isEqualTo(Duration.ofSeconds(10));
        assertThat(desk.hours().getOpensAt()).isEqualTo(9);

        center.publish(TestCenter.DESK, 2, Map.of("routing.max-wait", "20s", "hours.opens-at", "10"));
        await().until(() -> desk.routing().get().maxWait().equals(Duration.ofSeconds(20)));
        await().until(() -> desk.hours().getOpensAt() == 10);

        center.publish(TestCenter.DESK, 3, Map.of("routing.max-wait", "30s", "hours.opens-at", "4711"));
        await().until(() -> center.reports(TestCenter.DESK).stream()
                .anyMatch(report -> report.problem().orElse("").contains("release 3")));
        assertThat(desk.routing().get().maxWait()).isEqualTo(Duration.ofSeconds(20));
        assertThat(desk.hours().getOpensAt()).isEqualTo(10);
        ApplicationMetadata build = center.build(
                TestCenter.DESK,
                center.reports(TestCenter.DESK).get(0).build().orElseThrow());
        assertThat(build.properties())
                .anySatisfy(property -> {
                    assertThat(property.name()).isEqualTo("logging.level");
                    assertThat(property.type()).startsWith("java.util.Map<");
                })
                .anySatisfy(property -> {
                    assertThat(property.name()).isEqualTo("hours.opens-at");
                    assertThat(property.constraints()).contains(new Constraint(Constraint.Kind.MAX, "23"));
                });
        assertThat(build.elsewhere()).contains("switchboard.config.secret");
        assertThat(build.toString()).doesNotContain("a secret of the reader");

        center.publish(TestCenter.DESK, 4, Map.of());
        await().until(() -> desk.hours().getOpensAt() == 8);
    }

    @Test
    void itStartsFromTheKeptReleaseWhileTheCenterIsDead() throws Exception {
        center.publish(TestCenter.DESK, 1, Map.of("hours.opens-at", "9"));
        start();
        context.close();
        center.stop();

        start();

        assertThat(context.getBean(Desk.class).hours().getOpensAt()).isEqualTo(9);
    }

    @Test
    void fieldsMethodsListenersAndEncryptedItemsFollowToo() throws Exception {
        center.publishSealed(TestCenter.DESK, 1, Map.of(), Map.of("member.password", "hunter2"));
        start();
        Members members = context.getBean(Members.class);
        assertThat(members.password).isEqualTo("hunter2");
        assertThat(members.wait).isEqualTo(Duration.ofSeconds(30));

        center.publishSealed(
                TestCenter.DESK, 2, Map.of("member.wait", "5s", "member.name", "bob"), Map.of("member.password", "hunter3"));

        await().until(() -> members.changes.size() == 1);
        assertThat(members.wait).isEqualTo(Duration.ofSeconds(5));
        assertThat(members.greeting).isEqualTo("hello bob");
        assertThat(members.password).isEqualTo("hunter3");
        assertThat(members.changes)
                .containsExactly(new Change<>(Optional.empty(), Optional.of(Duration.ofSeconds(5))));

        center.publish(TestCenter.DESK, 3, Map.of("member.wait", "soon", "member.name", "eve"));
        await().until(() -> center.reports(TestCenter.DESK).stream()
                .anyMatch(report -> report.problem().orElse("").contains("Members.wait")));
        assertThat(members.greeting).isEqualTo("hello bob");
    }

    @Test
    void aBeanIsMadeOncePerRelease() throws Exception {
        center.publish(TestCenter.DESK, 1, Map.of("trunk.host", "one", "trunk.lines", "1"));
        start();
        Trunk trunk = context.getBean(Trunk.class);
        assertThat(trunk.told()).isEqualTo("one with 1");

        center.publish(TestCenter.DESK, 2, Map.of("trunk.host", "two", "trunk.lines", "2"));
        await().until(() -> trunk.told().equals("two with 2"));

        center.publish(TestCenter.DESK, 3, Map.of("trunk.host", "three", "trunk.lines", "none"));
        await().until(() -> center.reports(TestCenter.DESK).stream()
                .anyMatch(report -> report.problem().orElse("").contains("release 3")));
        assertThat(trunk.told()).isEqualTo("two with 2");
    }

    @Test
    void infoMetricsAndHealthAreThere() throws Exception {
        center.publish(TestCenter.DESK, 7, Map.of("hours.opens-at", "9"));
        start("management.endpoints.web.exposure.include=*");
        await().until(() -> context.getBean(Following.class).reachable());

        assertThat(context.getBean(InfoEndpoint.class).info()).containsKey("switchboardConfig");
        assertThat(context.getBean(ReleasesEndpoint.class).releases().toString())
                .contains("release=7", "hours.opens-at=switchboard:application");
        assertThat(context.getBean(MeterRegistry.class)
                        .get("switchboard.config.release")
                        .gauge()
                        .value())
                .isEqualTo(7);
        assertThat(context.getBean(HealthEndpoint.class).health().getStatus()).isEqualTo(Status.UP);
        assertThat(context.getBean("switchboardConfigHealthIndicator", HealthIndicator.class)
                        .health()
                        .getDetails())
                .containsEntry("zookeeper", "connected")
                .hasEntrySatisfying("application", release -> assertThat(release.toString()).contains("release=7"));
        assertThat(((CompositeHealth) context.getBean(HealthEndpoint.class).health()).getComponents())
                .hasEntrySatisfying("switchboardConfig", ours -> assertThat(ours.getStatus()).isEqualTo(Status.UP));
        // While a canary runs its health is reported, though.
        assertThat(new ActuatorHealth(context).get()).isEqualTo(ClientReport.Health.UP);

        center.publish(TestCenter.DESK, 8, Map.of("hours.opens-at", "4711"));
        await().until(() -> context.getBean("switchboardConfigHealthIndicator", HealthIndicator.class)
                .getHealth(false)
                .getStatus()
                .equals(Status.UNKNOWN));
    }

    private void start(String... properties) {
        String[] arguments = Stream.of(
                        Stream.of("spring.config.import=switchboard:", "spring.jmx.enabled=false"),
                        Stream.of("management.endpoint.info.access=unrestricted"),
                        Stream.of(center.properties(cache, properties)))
                .flatMap(all -> all)
                .map(property -> "--" + property)
                .toArray(String[]::new);
        context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(arguments);
    }

    record Desk(Live<RoutingProperties> routing, HoursProperties hours) {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties({RoutingProperties.class, HoursProperties.class})
    @Import({Members.class, Trunk.class})
    static class Application {

        @Bean
        Desk desk(Live<RoutingProperties> routing, HoursProperties hours) {
            return new Desk(routing, hours);
        }
    }

    @RefreshScope
    static class Trunk {

        private final String told;

        Trunk(@Value("${trunk.host:}") String host, @Value("${trunk.lines:0}") int lines) {
            this.told = host + " with " + lines;
        }

        String told() {
            return told;
        }
    }

    static class Members {

        @Value("${member.wait:30s}")
        private volatile Duration wait = Duration.ZERO;

        @Value("${member.password:}")
        private volatile String password = "";

        private volatile String greeting = "";
        private final List<Change<Duration>> changes = new CopyOnWriteArrayList<>();

        @Value("${member.name:ann}")
        void greet(String name) {
            greeting = "hello " + name;
        }

        @OnConfigurationChange("member.wait")
        void waitChanged(Change<Duration> change) {
            changes.add(change);
        }
    }

    @ConfigurationProperties("routing")
    record RoutingProperties(@DefaultValue("30s") Duration maxWait) {}

    @Validated
    @ConfigurationProperties("hours")
    static class HoursProperties {

        @Max(23)
        private int opensAt = 8;

        public int getOpensAt() {
            return opensAt;
        }

        public void setOpensAt(int opensAt) {
            this.opensAt = opensAt;
        }
    }
}
