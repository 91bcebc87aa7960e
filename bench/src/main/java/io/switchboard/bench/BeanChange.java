package io.switchboard.bench;

import static io.switchboard.bench.Output.say;

import io.switchboard.configclient.ConfigurationRefreshed;
import io.switchboard.configclient.Live;
import io.switchboard.configclient.delivery.Coordinates;
import io.switchboard.configclient.delivery.FirstRead;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.context.event.EventListener;
import org.springframework.core.type.AnnotationMetadata;

/** How long a release takes to a bean of a Spring application. */
final class BeanChange {

    private static final int WINDOW = 50;
    private static final int LONGEST_WARMUP = 600;
    private static final int COLD_STARTS = 20;
    private static final String APPLICATION = "bean";
    private static final String NAMESPACE = "application";

    private final String zookeeper;
    private final ConfigCenter center;
    private final Path caches;

    BeanChange(String zookeeper, ConfigCenter center, Path caches) {
        this.zookeeper = zookeeper;
        this.center = center;
        this.caches = caches;
    }

    /** @param coldStartMillis median from nothing to a client's first value, the connection included */
    record Result(Histogram nanos, double coldStartMillis) {}

    Result measure(int rounds) throws Exception {
        Coordinates coordinates = center.coordinates(APPLICATION, zookeeper, "client", caches.resolve("bean"));
        release(0);
        var coldStarts = new Histogram(3);
        NamespacePath path = coordinates.path(NAMESPACE);
        for (int start = 0; start < COLD_STARTS; start++) {
            long since = System.nanoTime();
            var found = new FirstRead()
                    .read(coordinates, List.of(path))
                    .getOrDefault(path, new FirstRead.Found.NoSuchNamespace());
            coldStarts.recordValue(System.nanoTime() - since);
            if (!(found instanceof FirstRead.Found.Current)) {
                throw new IllegalStateException(
                        "the first read found " + found.getClass().getSimpleName());
            }
        }
        try (var application = application(coordinates, "switchboard:")) {
            var releases = new Releases(application);
            String warmup = releases.warmUp();
            var nanos = releases.next(rounds);
            say(
                    "bean        %s; warmed up for %s",
                    Output.percentiles(nanos, "p50 %.1f ms, p99 %.1f ms, most %.1f ms", 50, 99, 100), warmup);
            say(
                    "cold start  %s",
                    Output.percentiles(coldStarts, "p50 %.1f ms, most %.1f ms, connection included", 50, 100));
            return new Result(nanos, Output.millis(coldStarts, 50));
        }
    }

    /** One after the other, each until the bean has it. */
    private final class Releases {

        private final Arrivals arrivals = new Arrivals(1);
        private int made;

        Releases(ConfigurableApplicationContext application) {
            var eyes = arrivals.new Client();
            var bean = application.getBean(Probe.class);
            bean.onRefresh = () -> eyes.has(bean.live.get().number());
        }

        String warmUp() throws Exception {
            var warmUp = new WarmUp();
            while (!warmUp.isOver() && made < LONGEST_WARMUP) {
                warmUp.took(next(WINDOW).getValueAtPercentile(50));
            }
            return warmUp.told(made + " releases");
        }

        Histogram next(int count) throws Exception {
            var nanos = new Histogram(3);
            for (int end = made + count; made < end; ) {
                made++;
                long revision = center.edit(APPLICATION, NAMESPACE, Map.of("stamp.number", String.valueOf(made)));
                arrivals.expect(made);
                long since = System.nanoTime();
                center.publish(APPLICATION, NAMESPACE, revision);
                nanos.recordValue(arrivals.awaitAll(since).last());
                Pause.millis(20);
            }
            return nanos;
        }
    }

    private void release(int number) throws ConfigCenter.Failed {
        long revision = center.edit(APPLICATION, NAMESPACE, Map.of("stamp.number", String.valueOf(number)));
        center.publish(APPLICATION, NAMESPACE, revision);
    }

    /** A Spring application with the starter in it and nothing else. */
    static ConfigurableApplicationContext application(Coordinates coordinates, String imports) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties("spring.config.name=bench-application")
                .registerShutdownHook(false)
                .run(Stream.of(
                                "spring.config.import=" + imports,
                                "switchboard.config.zookeeper=" + coordinates.zookeeper(),
                                "switchboard.config.tenant=" + coordinates.tenant(),
                                "switchboard.config.application=" + coordinates.application(),
                                "switchboard.config.stage=" + coordinates.stage(),
                                "switchboard.config.user=" + coordinates.user(),
                                "switchboard.config.secret=" + coordinates.secret(),
                                "switchboard.config.cache-directory=" + coordinates.cacheDirectory(),
                                "spring.main.banner-mode=off",
                                "logging.level.root=warn")
                        .map(argument -> "--" + argument)
                        .toArray(String[]::new));
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Starter.class)
    @EnableConfigurationProperties(Stamp.class)
    static class Application {

        @Bean
        Probe probe(Live<Stamp> live) {
            return new Probe(live);
        }
    }

    /** What the starter configures; the class path here has more than an application would have. */
    static class Starter implements ImportSelector {

        @Override
        public String[] selectImports(AnnotationMetadata importing) {
            String autoconfigure = "io.switchboard.configclient.autoconfigure.";
            return new String[] {autoconfigure + "LiveAutoConfiguration", autoconfigure + "FollowingAutoConfiguration"};
        }
    }

    /**
     * @param number of the release that {@code bean} measures
     * @param items of {@code atomicity}, all with the same value or the release is mixed with another
     */
    @ConfigurationProperties("stamp")
    record Stamp(
            @DefaultValue("0") long number, @DefaultValue Map<String, String> items) {}

    static final class Probe {

        final Live<Stamp> live;
        volatile Runnable onRefresh = () -> {};

        Probe(Live<Stamp> live) {
            this.live = live;
        }

        @EventListener
        void on(ConfigurationRefreshed event) {
            onRefresh.run();
        }
    }
}
