package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.configclient.Change;
import io.switchboard.configclient.OnConfigurationChange;
import io.switchboard.configclient.delivery.RunningRelease;
import io.switchboard.configprotocol.NamespacePath;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.validation.annotation.Validated;

/** Fields, methods and listeners of one application that follows a real ZooKeeper; each test publishes its next release. */
@ExtendWith(OutputCaptureExtension.class)
class LiveMembersTests {

    private static final NamespacePath PATH = new NamespacePath("acme", "desk", "members", "application");

    private static TestCenter center;
    private static ConfigurableApplicationContext context;
    private static long number;

    @BeforeAll
    static void start(@TempDir Path cache) throws Exception {
        center = new TestCenter();
        center.create(PATH);
        context = center.start(Application.class, PATH, cache);
    }

    @AfterAll
    static void stop() throws Exception {
        context.close();
        center.close();
    }

    private Desk desk = new Desk();

    @BeforeEach
    void nothingIsSet() throws Exception {
        desk = context.getBean(Desk.class);
        release(Map.of());
        desk.waits.clear();
        desk.calls.clear();
        desk.plain.set(0);
    }

    @Test
    void factoryBeansAreMadeAndGetTheirNewValues() throws Exception {
        assertThat(context.getBean(Phone.class)).isNotNull();

        release(Map.of("desk.ring", "short"));

        assertThat(context.getBean(PhoneFactory.class).ring).isEqualTo("short");
    }

    @Test
    void fieldsAndMethodsGetTheirNewValuesAndTheirDefaultsBack() throws Exception {
        assertThat(desk.wait).isEqualTo(Duration.ofSeconds(30));
        assertThat(desk.greeting).isEqualTo("hello ann");

        release(Map.of("desk.wait", "5s", "desk.name", "bob", "desk.skills", "sales,support", "desk.twice", "21"));

        assertThat(desk.wait).isEqualTo(Duration.ofSeconds(5));
        assertThat(desk.greeting).isEqualTo("hello bob");
        assertThat(desk.skills).containsExactly("sales", "support");
        assertThat(desk.twice).isEqualTo(42);
        assertThat(desk.inherited).isEqualTo("bob");
        assertThat(desk.both).isEqualTo("bob 5s");

        release(Map.of());

        assertThat(desk.wait).isEqualTo(Duration.ofSeconds(30));
        assertThat(desk.greeting).isEqualTo("hello ann");
        assertThat(desk.skills).isEmpty();
        assertThat(desk.twice).isEqualTo(2);
    }

    @Test
    void aBeanMethodIsNotCalledAgainNorAPrototypeKept() throws Exception {
        context.getBean(Passer.class);

        release(Map.of("desk.name", "bob"));

        assertThat(context.getBean("named", String.class)).isEqualTo("ann");
        assertThat(Application.named).isEqualTo(1);
        assertThat(context.getBean(Passer.class).name).isEqualTo("bob");
    }

    @Test
    void aValueThatItsTypeCantTakeRefusesAllOfTheRelease(CapturedOutput output) throws Exception {
        refused(Map.of("desk.wait", "soon-zebra", "desk.name", "bob"));

        assertThat(problem()).contains("Desk.wait", "is no java.time.Duration").doesNotContain("zebra");
        assertThat(desk.greeting).isEqualTo("hello ann");
        assertThat(desk.wait).isEqualTo(Duration.ofSeconds(30));
        assertThat(context.getEnvironment().getProperty("desk.name")).isNull();
        assertThat(output).doesNotContain("zebra");
    }

    @Test
    void aMethodThatFailsTakesBackAllOfTheRelease(CapturedOutput output) throws Exception {
        refused(Map.of("desk.wait", "5s", "desk.name", "nobody-zebra"));

        assertThat(problem()).contains("can't take it over").doesNotContain("zebra");
        assertThat(desk.wait).isEqualTo(Duration.ofSeconds(30));
        assertThat(desk.greeting).isEqualTo("hello ann");
        assertThat(context.getEnvironment().getProperty("desk.wait")).isNull();
        assertThat(output).doesNotContain("zebra");
    }

    @Test
    void listenersGetTypedChangesOncePerRelease() throws Exception {
        release(Map.of("desk.wait", "5s", "desk.calls.attempts", "7"));

        assertThat(desk.waits).containsExactly(new Change<>(Optional.empty(), Optional.of(Duration.ofSeconds(5))));
        assertThat(desk.calls)
                .containsExactly(new Change<>(Optional.empty(), Optional.of(new Calls(7, "longest-idle"))));
        assertThat(desk.plain).hasValue(1);

        release(Map.of("desk.wait", "5s", "desk.calls.attempts", "7", "desk.calls.strategy", "round-robin"));

        assertThat(desk.waits).hasSize(1);
        assertThat(desk.calls)
                .last()
                .isEqualTo(new Change<>(
                        Optional.of(new Calls(7, "longest-idle")), Optional.of(new Calls(7, "round-robin"))));
        assertThat(desk.calls.get(0)).hasToString("Change[set]");
    }

    @Test
    void whatAListenersTypeForbidsIsRefused() throws Exception {
        refused(Map.of("desk.calls.attempts", "-471147114"));

        assertThat(problem())
                .contains("desk.calls.attempts", "must be greater than 0")
                .doesNotContain("471147114");
        assertThat(desk.calls).isEmpty();
    }

    @Test
    void aListenerThatFailsHoldsUpNothing(CapturedOutput output) throws Exception {
        release(Map.of("desk.fail", "zebra", "desk.wait", "5s"));

        assertThat(desk.wait).isEqualTo(Duration.ofSeconds(5));
        assertThat(output)
                .contains("Listener Desk.fails failed: java.lang.IllegalStateException")
                .doesNotContain("zebra");
    }

    @Test
    void aListenerThatCantBeCalledStopsTheStart() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(LiveAutoConfiguration.class, FollowingAutoConfiguration.class))
                .withBean(Wrong.class)
                .run(failed -> assertThat(failed)
                        .getFailure()
                        .hasMessageContaining("one Change<type>")
                        .hasMessageContaining("Wrong"));
    }

    private static void release(Map<String, String> items) throws Exception {
        center.publish(PATH, ++number, items);
        await().until(() -> running().number() == number);
    }

    private static void refused(Map<String, String> items) throws Exception {
        center.publish(PATH, ++number, items);
        await().until(() -> problem().contains("release " + number));
        assertThat(running().number()).isLessThan(number);
    }

    private static String problem() {
        return running().problem().orElse("");
    }

    private static RunningRelease running() {
        return context.getBean(Following.class).releases().get(0);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Desk.class, Passer.class, PhoneFactory.class})
    static class Application {

        private static int named;

        @Bean
        String named(@Value("${desk.name:ann}") String name) {
            named++;
            return name;
        }
    }

    static class Base {

        @Value("${desk.name:ann}")
        String inherited = "";
    }

    static class Desk extends Base {

        @Value("${desk.wait:30s}")
        private volatile Duration wait = Duration.ZERO;

        @Value("${desk.skills:}")
        private volatile List<String> skills = List.of();

        @Value("#{2 * ${desk.twice:1}}")
        private volatile int twice;

        private volatile String greeting = "";
        private volatile String both = "";
        private final List<Change<Duration>> waits = new CopyOnWriteArrayList<>();
        private final List<Change<Calls>> calls = new CopyOnWriteArrayList<>();
        private final AtomicInteger plain = new AtomicInteger();

        @Value("${desk.name:ann}")
        void greet(String name) {
            if (name.startsWith("nobody")) {
                throw new IllegalArgumentException("no " + name);
            }
            greeting = "hello " + name;
        }

        @Autowired
        void both(@Value("${desk.name:ann}") String name, @Value("${desk.wait:30s}") String wait) {
            both = name + " " + wait;
        }

        @OnConfigurationChange("desk.wait")
        void waitChanged(Change<Duration> change) {
            waits.add(change);
        }

        @OnConfigurationChange("desk.calls")
        private void callsChanged(Change<Calls> change) {
            calls.add(change);
        }

        @OnConfigurationChange("desk.wait")
        void somethingChanged() {
            plain.incrementAndGet();
        }

        @OnConfigurationChange("desk.fail")
        void fails(Change<String> change) {
            throw new IllegalStateException("because of " + change.after());
        }
    }

    @Validated
    record Calls(
            @DefaultValue("3") @Positive int attempts,
            @DefaultValue("longest-idle") String strategy) {}

    @Scope("prototype")
    /** As those of repositories and of clients of HTTP interfaces; it is still being made when it is looked at. */
    static class PhoneFactory implements FactoryBean<Phone> {

        @Value("${desk.ring:long}")
        String ring = "";

        @Override
        public Phone getObject() {
            return new Phone();
        }

        @Override
        public Class<?> getObjectType() {
            return Phone.class;
        }
    }

    static class Phone {}

    static class Passer {

        @Value("${desk.name:ann}")
        private String name = "";
    }

    static class Wrong {

        @OnConfigurationChange("desk.wait")
        void wrong(Duration wait) {}
    }
}
