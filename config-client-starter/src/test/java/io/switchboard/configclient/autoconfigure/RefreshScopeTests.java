package io.switchboard.configclient.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.configclient.Live;
import io.switchboard.configclient.RefreshScope;
import io.switchboard.configclient.delivery.RunningRelease;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans that are made once per release, with our annotation and with Spring Cloud's. */
@ExtendWith(OutputCaptureExtension.class)
class RefreshScopeTests {

    private static final NamespacePath PATH = TestCenter.DESK;

    private TestCenter center;
    private ConfigurableApplicationContext context;

    @BeforeEach
    void start(@TempDir Path cache) throws Exception {
        Trunk.ended.clear();
        center = new TestCenter();
        center.create(PATH);
        center.publish(PATH, 1, Map.of("trunk.host", "one", "trunk.lines", "1"));
        context = center.start(Application.class, PATH, cache);
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
        center.close();
    }

    @Test
    void theyAreMadeOncePerReleaseAndThoseBeforeAreEnded() throws Exception {
        Trunk trunk = context.getBean(Trunk.class);
        CloudTrunk cloud = context.getBean(CloudTrunk.class);
        assertThat(trunk.told()).isEqualTo("one with 1");
        assertThat(cloud.told()).isEqualTo("one with 1");
        int made = trunk.made();
        int madeOfCloud = cloud.made();

        release(2, Map.of("trunk.host", "two", "trunk.lines", "2"));

        assertThat(trunk.told()).isEqualTo("two with 2");
        assertThat(cloud.told()).isEqualTo("two with 2");
        assertThat(trunk.made()).isEqualTo(made + 1);
        assertThat(cloud.made()).isEqualTo(madeOfCloud + 1);
        assertThat(Trunk.ended).containsExactly("one with 1");
    }

    @Test
    void oneThatTakesAnotherIsOfTheSameRelease() throws Exception {
        Caller caller = context.getBean(Caller.class);
        assertThat(caller.told()).isEqualTo("one and one with 1");

        release(2, Map.of("trunk.host", "two", "trunk.lines", "2"));

        assertThat(caller.told()).isEqualTo("two and two with 2");
    }

    @Test
    void nobodySeesBeansOfTwoReleases() throws Exception {
        Caller caller = context.getBean(Caller.class);
        var over = new AtomicBoolean();
        var mixes = new CopyOnWriteArrayList<String>();
        var reader = new Thread(() -> {
            while (!over.get()) {
                String told = caller.told();
                if (!told.matches("(\\w+) and \\1 with \\d+")) {
                    mixes.add(told);
                }
            }
        });
        reader.start();

        for (int number = 2; number < 30; number++) {
            release(number, Map.of("trunk.host", "host" + number, "trunk.lines", "1"));
        }
        over.set(true);
        reader.join();

        assertThat(mixes).isEmpty();
    }

    @Test
    void oneThatCantBeMadeRefusesTheReleaseAndAllOfThemStay(CapturedOutput output) throws Exception {
        Trunk trunk = context.getBean(Trunk.class);
        CloudTrunk cloud = context.getBean(CloudTrunk.class);
        int made = trunk.made();

        refused(2, Map.of("trunk.host", "nowhere-zebra", "trunk.lines", "2"));

        assertThat(problem()).contains("can't be made with it").doesNotContain("zebra");
        assertThat(trunk.told()).isEqualTo("one with 1");
        assertThat(trunk.made()).isEqualTo(made);
        assertThat(cloud.told()).isEqualTo("one with 1");
        assertThat(Trunk.ended).doesNotContain("one with 1");
        assertThat(context.getEnvironment().getProperty("trunk.lines")).isEqualTo("1");
        assertThat(context.getBean(Lines.class).live().get().lines()).isEqualTo(1);
        assertThat(output).doesNotContain("zebra");

        release(3, Map.of("trunk.host", "three", "trunk.lines", "3"));

        assertThat(trunk.told()).isEqualTo("three with 3");
        assertThat(cloud.told()).isEqualTo("three with 3");
    }

    @Test
    void oneOfSpringCloudThatCantBeMadeRefusesTheReleaseToo() throws Exception {
        Trunk trunk = context.getBean(Trunk.class);
        CloudTrunk cloud = context.getBean(CloudTrunk.class);
        int made = trunk.made();

        refused(2, Map.of("trunk.host", "two", "trunk.lines", "2", "cloud.broken", "true"));

        assertThat(problem()).contains("CloudTrunk can't be made with it");
        assertThat(trunk.told()).isEqualTo("one with 1");
        assertThat(trunk.made()).isEqualTo(made);
        assertThat(cloud.told()).isEqualTo("one with 1");
        assertThat(Trunk.ended).containsExactly("two with 2");
    }

    private void release(long number, Map<String, String> items) throws Exception {
        center.publish(PATH, number, items);
        await().until(() -> running().number() == number);
    }

    private void refused(long number, Map<String, String> items) throws Exception {
        center.publish(PATH, number, items);
        await().until(() -> problem().contains("release " + number));
    }

    private String problem() {
        return running().problem().orElse("");
    }

    private RunningRelease running() {
        return context.getBean(Following.class).releases().get(0);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties(TrunkProperties.class)
    @Import({Trunk.class, Caller.class, CloudTrunk.class, Lines.class})
    static class Application {}

    @ConfigurationProperties("trunk")
    record TrunkProperties(@DefaultValue("0") int lines) {}

    record Lines(Live<TrunkProperties> live) {}

    @RefreshScope
    static class Trunk implements AutoCloseable {

        private static final List<String> ended = new CopyOnWriteArrayList<>();
        private static int count;

        private final String host;
        private final int lines;
        private final int made;

        Trunk(@Value("${trunk.host}") String host, Live<TrunkProperties> properties) {
            if (host.startsWith("nowhere")) {
                throw new IllegalArgumentException(host);
            }
            this.host = host;
            this.lines = properties.get().lines();
            this.made = ++count;
        }

        String told() {
            return host + " with " + lines;
        }

        int made() {
            return made;
        }

        @Override
        public void close() {
            ended.add(told());
        }
    }

    @RefreshScope
    static class Caller {

        private final String host;
        private final String trunk;

        Caller(@Value("${trunk.host}") String host, Trunk trunk) {
            this.host = host;
            this.trunk = trunk.told();
        }

        String told() {
            return host + " and " + trunk;
        }
    }

    @org.springframework.cloud.context.config.annotation.RefreshScope
    static class CloudTrunk {

        private static int count;

        private final String told;
        private final int made;

        CloudTrunk(
                @Value("${trunk.host}") String host,
                @Value("${trunk.lines}") int lines,
                @Value("${cloud.broken:false}") boolean broken) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            this.told = host + " with " + lines;
            this.made = ++count;
        }

        String told() {
            return told;
        }

        int made() {
            return made;
        }
    }
}
