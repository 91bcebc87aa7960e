package io.switchboard.bench;

import io.switchboard.engine.Engine;
import io.switchboard.request.RequestApplication;
import io.switchboard.scheduling.SchedulerApplication;
import io.switchboard.standalone.embedded.EmbeddedDatabase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** The services under test, as contexts of this JVM. */
final class Platform implements AutoCloseable {

    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();
    private final Servers servers;
    private final Tokens tokens;

    Platform(Servers servers, Tokens tokens) {
        this.servers = servers;
        this.tokens = tokens;
    }

    /** Starts service-request and answers its port. */
    int startRequest() {
        var context = start(RequestApplication.application(), "--request.catalog.images.acd=platform/acd");
        return Integer.parseInt(String.valueOf(context.getEnvironment().getProperty("local.server.port")));
    }

    void startScheduler(Engine engine) {
        var application = SchedulerApplication.application()
                .initializers(context -> ((GenericApplicationContext) context)
                        .registerBean("watchedEngine", Engine.class, () -> engine, bean -> bean.setPrimary(true)));
        start(application, "--scheduler.engine=memory", "--scheduler.config-access.enabled=false");
    }

    private ConfigurableApplicationContext start(SpringApplicationBuilder application, String... further) {
        var arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.datasource.url=" + servers.jdbcUrl(),
                "--spring.datasource.username=" + EmbeddedDatabase.USER,
                "--spring.datasource.password=" + servers.password(),
                "--spring.artemis.broker-url=" + servers.brokerUrl(),
                "--spring.cloud.zookeeper.enabled=false",
                "--switchboard.security.outgoing=none",
                "--logging.level.root=warn"));
        arguments.addAll(Arrays.asList(further));
        var context = application
                .initializers(own ->
                        ((GenericApplicationContext) own).registerBean("tokens", JwtDecoder.class, tokens::decoder))
                .registerShutdownHook(false)
                .run(arguments.toArray(String[]::new));
        contexts.add(context);
        return context;
    }

    @Override
    public void close() {
        contexts.reversed().forEach(ConfigurableApplicationContext::close);
    }
}
