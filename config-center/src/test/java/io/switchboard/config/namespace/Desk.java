package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configclient.Live;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.ClientReport.Health;
import io.switchboard.configprotocol.ClientReport.Trials;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.JsonNode;

/**
 * An application of its own for one test.
 *
 * @param application its name
 */
record Desk(Center center, String application) {

    private static final AtomicInteger NEXT = new AtomicInteger();

    /** @param kind of test, so that no two classes share a name */
    static Desk next(String kind) throws Exception {
        return new Desk(Center.get(), kind + "-" + NEXT.incrementAndGet());
    }

    /** What a task of it gets in its environment. */
    JsonNode access() throws Exception {
        return center.post(
                        "/internal/v1/config/access",
                        Center.SERVICE,
                        "{\"tenant\":\"acme\",\"application\":\"" + application + "\",\"stage\":\"prod\"}")
                .body()
                .get("environment");
    }

    /** A task of it that follows its configuration. */
    ConfigurableApplicationContext task(Path cache, String... properties) throws Exception {
        Stream<String> given = access().propertyStream()
                .map(entry -> entry.getKey()
                                .toLowerCase(Locale.ROOT)
                                .replaceFirst("switchboard_config_", "switchboard.config.")
                                .replace('_', '-')
                        + "=" + entry.getValue().asString());
        Stream<String> own = Stream.of(
                "spring.config.import=switchboard:",
                "spring.cloud.zookeeper.enabled=false",
                "switchboard.config.cache-directory=" + cache);
        return new SpringApplicationBuilder(DeliveryTests.Task.class)
                .web(WebApplicationType.NONE)
                .run(Stream.of(given, own, Stream.of(properties))
                        .flatMap(each -> each)
                        .map(property -> "--" + property)
                        .toArray(String[]::new));
    }

    /** What such a task has bound. */
    static int attempts(ConfigurableApplicationContext task) {
        Live<?> routing = (Live<?>) task.getBeanProvider(
                        ResolvableType.forClassWithGenerics(Live.class, DeliveryTests.RoutingProperties.class))
                .getObject();
        return ((DeliveryTests.RoutingProperties) routing.get()).attempts();
    }

    String stage() {
        return "/api/v1/config/" + application + "/prod";
    }

    String namespace() {
        return stage() + "/application";
    }

    /**
     * A client {@code c1} that runs a release, takes canaries, and confirms none.
     *
     * @return its node
     */
    String connect(long release) throws Exception {
        return connect(release, Optional.empty());
    }

    /** As {@link #connect(long)}, of that build. */
    String connect(long release, Optional<String> build) throws Exception {
        var path = new NamespacePath("acme", application, "prod", "application");
        var report = new ClientReport(
                "c1",
                release,
                Instant.now(),
                Optional.empty(),
                build,
                Optional.of(new Trials(new TreeMap<>(), OptionalLong.empty(), Health.UNKNOWN)));
        return center.bean(Ensemble.class)
                .ask(zookeeper -> zookeeper.create().forPath(path.client("c1"), report.encode()));
    }

    /** The draft's revision after that change. */
    long edit(String token, Map<String, @Nullable String> items) throws Exception {
        return edit(namespace(), token, items);
    }

    long edit(String namespace, String token, Map<String, @Nullable String> items) throws Exception {
        Answer answer = center.put(namespace + "/draft/items", token, center.items(items));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body().get("revision").asLong();
    }

    /** As {@link #edit}, of encrypted items. */
    long encrypt(String token, Map<String, @Nullable String> secrets) throws Exception {
        Answer answer = center.put(namespace() + "/draft/secrets", token, center.secrets(secrets));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body().get("revision").asLong();
    }

    Answer publish(String token, long revision) throws Exception {
        return center.post(namespace() + "/releases", token, "{\"revision\":" + revision + "}");
    }

    /** Edits and publishes as Ann. */
    void release(Map<String, @Nullable String> items) throws Exception {
        assertThat(publish(ACME, edit(ACME, items)).status()).isEqualTo(201);
    }
}
