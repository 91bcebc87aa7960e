package io.switchboard.fakes;

import io.switchboard.contracts.access.DomainsApi;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/** All of the platform but the console, on one port. */
public final class FakePlatform implements AutoCloseable {

    public static final String CLIENT = "console";
    public static final String CLIENT_SECRET = "only-in-this-test-run";
    public static final String PASSWORD = "correct horse battery";

    private final ConfigurableApplicationContext context;
    private final String address;

    private FakePlatform(ConfigurableApplicationContext context, String address) {
        this.context = context;
        this.address = address;
    }

    public static FakePlatform start(int port) {
        String address = "http://127.0.0.1:" + port;
        var context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.SERVLET)
                .properties(Map.of(
                        "spring.config.name", "fake-platform",
                        "server.port", String.valueOf(port),
                        "server.servlet.session.cookie.name", "FAKE_ISSUER",
                        "switchboard.security.issuer", address,
                        "switchboard.security.outgoing", "none",
                        "spring.cloud.zookeeper.enabled", "false",
                        "spring.cloud.discovery.enabled", "false",
                        "spring.thymeleaf.check-template-location", "false"))
                .run();
        return new FakePlatform(context, address);
    }

    public String address() {
        return address;
    }

    public World world() {
        return context.getBean(World.class);
    }

    public FakeConfig config() {
        return context.getBean(FakeConfig.class);
    }

    public FakeValidation validation() {
        return context.getBean(FakeValidation.class);
    }

    /** What tasks write. */
    public FakeLogs logs() {
        return context.getBean(FakeLogs.class);
    }

    /** Whether each stream of an order's events ends after what it can tell at first. */
    public void shortLivedStreams(boolean ends) {
        context.getBean(FakeOrderEvents.class).shortLived(ends);
    }

    /** How many streams of orders' events were opened. */
    public int streamsOpened() {
        return context.getBean(FakeOrderEvents.class).opened();
    }

    /** A domain of an instance that DNS hasn't shown to be its tenant's. */
    public void claimed(UUID instance, String domain) {
        context.getBean(FakeDomains.class).put(instance, domain, DomainsApi.State.PENDING);
    }

    /** Lets the console sign people in. */
    public void register(String console) {
        RegisteredClient client = Issuer.console(CLIENT, CLIENT_SECRET, console);
        context.getBean(InMemoryRegisteredClientRepository.class).save(client);
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({
        Issuer.class,
        World.class,
        FakeOrders.class,
        FakeOrderEvents.class,
        FakeCatalog.class,
        FakeTenants.class,
        FakeScheduler.class,
        FakeRollouts.class,
        FakeLogs.class,
        FakeNodes.class,
        FakeDomains.class,
        FakeRoutes.class,
        FakeAutoscaling.class,
        FakeConfig.class,
        FakeReviews.class,
        FakeSecrets.class,
        FakeValidation.class,
        FakeSchedules.class,
        FakeCanaries.class,
        FakeInheritance.class,
        FakeStages.class,
        FakeApplications.class
    })
    static class Application {}
}
