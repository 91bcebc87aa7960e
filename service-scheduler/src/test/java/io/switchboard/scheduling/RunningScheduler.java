package io.switchboard.scheduling;

import static org.awaitility.Awaitility.await;

import io.switchboard.contracts.access.RouteEvent;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.engine.Engine;
import io.switchboard.engine.InMemoryEngine;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.task.Calls;
import io.switchboard.scheduling.task.Drained;
import io.switchboard.scheduling.task.Quality;
import io.switchboard.scheduling.task.TaskProtocol;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole service on a real database and a real broker, with an engine whose tasks become ready when the test says so
 * and a balancer that follows at once unless it is told not to.
 */
final class RunningScheduler implements AutoCloseable {

    static final String DEAD_LETTERS = "dead-letters";

    private static final JsonMapper JSON = new JsonMapper();

    final InMemoryEngine engine = new InMemoryEngine(
            InMemoryEngine.Readiness.EXPLICIT, Clock.systemUTC(), Integer.MAX_VALUE, List.of("10.0.0.1", "10.0.0.2"));
    final Map<String, Integer> activeCalls = new ConcurrentHashMap<>();
    /** Whether tasks say how many they carry, unless they are asked to end them. */
    volatile boolean callsAreTold;

    /** How well tasks serve, by the number of their revision. */
    final Map<Long, Quality> qualities = new ConcurrentHashMap<>();

    final List<DeploymentEvent> events = new CopyOnWriteArrayList<>();
    final List<TaskSnapshot> snapshots = new CopyOnWriteArrayList<>();

    private final EmbeddedPostgres postgres;
    private final EmbeddedActiveMQ broker;
    private final ConnectionFactory connections = new ActiveMQConnectionFactory("vm://11");
    private final JMSContext session;
    private ConfigurableApplicationContext context;

    RunningScheduler() throws Exception {
        postgres = EmbeddedPostgres.start();
        broker = new EmbeddedActiveMQ()
                .setConfiguration(new ConfigurationImpl()
                        .setPersistenceEnabled(false)
                        .setSecurityEnabled(false)
                        .addAcceptorConfiguration("vm", "vm://11")
                        .addAddressSetting(
                                "#",
                                new AddressSettings()
                                        .setMaxDeliveryAttempts(3)
                                        .setDeadLetterAddress(SimpleString.of(DEAD_LETTERS))
                                        .setAutoCreateDeadLetterResources(true)
                                        .setExpiryAddress(SimpleString.of("expired"))))
                .start();
        session = connections.createContext(JMSContext.AUTO_ACKNOWLEDGE);
        listen(DeploymentEvent.TOPIC, DeploymentEvent.class, events::add);
        listen(TaskSnapshot.TOPIC, TaskSnapshot.class, snapshots::add);
        listen(TaskSnapshot.TOPIC, TaskSnapshot.class, this::takeOver);
        context = start();
    }

    private <T> void listen(String topic, Class<T> type, Consumer<T> listener) {
        var own = session.createContext(JMSContext.AUTO_ACKNOWLEDGE);
        own.createConsumer(own.createTopic(topic)).setMessageListener(message -> {
            try {
                JSON.readerForListOf(type)
                        .<List<T>>readValue(message.getBody(String.class))
                        .forEach(listener);
            } catch (JMSException e) {
                throw new JMSRuntimeException(e.getMessage());
            }
        });
    }

    private void takeOver(TaskSnapshot snapshot) {
        try (var own = connections.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            own.createProducer()
                    .send(
                            own.createTopic(RouteEvent.TOPIC),
                            JSON.writeValueAsString(new RouteEvent(
                                    snapshot.instanceId(),
                                    snapshot.tenant(),
                                    snapshot.sequence(),
                                    Instant.now(),
                                    List.of(),
                                    0,
                                    snapshot.removed())));
        }
    }

    private ConfigurableApplicationContext start() {
        return SchedulerApplication.application()
                .initializers(own -> {
                    var beans = (GenericApplicationContext) own;
                    // Left alone when a context closes: it stands for something outside of the process.
                    beans.registerBean("engine", Engine.class, () -> engine, bean -> bean.setDestroyMethodName(""));
                    beans.registerBean("fakeDrains", TaskProtocol.class, Talk::new, bean -> bean.setPrimary(true));
                    beans.registerBean("tokens", JwtDecoder.class, () -> RunningScheduler::token);
                })
                .run(
                        "--server.port=0",
                        "--logging.level.org.apache.activemq=warn",
                        "--scheduler.engine=test",
                        "--scheduler.config-access.enabled=false",
                        "--scheduler.reconcile.every=300ms",
                        "--scheduler.rollout.drain-every=50ms",
                        "--scheduler.rollout.linger-every=50ms",
                        "--scheduler.nodes.every=100ms",
                        "--scheduler.autoscaling.every=50ms",
                        "--scheduler.autoscaling.lead=1s",
                        "--scheduler.autoscaling.calm=500ms",
                        "--scheduler.measurement.warm-up=0s",
                        "--scheduler.rollout.canary.every=50ms",
                        "--spring.cloud.zookeeper.enabled=false",
                        "--spring.artemis.broker-url=vm://11",
                        "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres");
    }

    private final class Talk implements TaskProtocol {

        @Override
        public Drained drain(Revision revision, Task task) {
            int calls = activeCalls.getOrDefault(task.id(), 0);
            return calls > 0 ? new Drained.Busy(calls) : new Drained.Idle();
        }

        @Override
        public Calls calls(Revision revision, Task task) {
            return callsAreTold
                    ? new Calls.Counted(activeCalls.getOrDefault(task.id(), 0), Calls.USUAL_SECONDS)
                    : new Calls.Unknown();
        }

        @Override
        public Optional<Quality> quality(Revision revision, Task task) {
            return Optional.ofNullable(qualities.get(revision.number()));
        }
    }

    /** A token is its holder: {@code operator}, {@code service}, or a tenant's name. */
    private static Jwt token(String value) {
        boolean tenant = !List.of("operator", "service").contains(value);
        var token = Jwt.withTokenValue(value)
                .header("alg", "none")
                .subject(value)
                .claim("roles", List.of(tenant ? "tenant" : value));
        return tenant ? token.claim("tenant", value).build() : token.build();
    }

    int port() {
        return Integer.parseInt(String.valueOf(context.getEnvironment().getProperty("local.server.port")));
    }

    /** The service's calls as the holder of a token makes them; {@link #token} says who that is. */
    <T> T api(Class<T> calls, String holder) {
        var client = RestClient.builder()
                .baseUrl("http://localhost:" + port())
                .defaultHeader("Authorization", "Bearer " + holder)
                .build();
        return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
                .customArgumentResolver((argument, parameter, values) -> parameter.getParameterType() == Caller.class)
                .build()
                .createClient(calls);
    }

    /** Opens an instance and returns once all its tasks carry calls. */
    void opened(UUID instanceId, int callsPerHour, int tasks) {
        var open = Orders.open(instanceId, callsPerHour);
        send(open);
        ready(instanceId, 1, tasks);
        awaitStatus(instanceId, open.orderId(), DeploymentStatus.Steady.class);
    }

    void restart() {
        context.close();
        context = start();
    }

    void send(OrderMessage order) {
        sendText(JSON.writeValueAsString(order), order.instanceId());
    }

    void sendText(String text, UUID group) {
        try {
            var message = session.createTextMessage(text);
            message.setStringProperty("JMSXGroupID", group.toString());
            session.createProducer().send(session.createQueue(OrderMessage.QUEUE), message);
        } catch (JMSException e) {
            throw new JMSRuntimeException(e.getMessage());
        }
    }

    /** The text of the next order that nobody could handle. */
    Optional<String> deadLetter(Duration within) {
        try (var own = session.createContext(JMSContext.AUTO_ACKNOWLEDGE);
                var consumer = own.createConsumer(own.createQueue(DEAD_LETTERS + "::DLQ." + OrderMessage.QUEUE))) {
            return Optional.ofNullable(consumer.receiveBody(String.class, within.toMillis()));
        }
    }

    List<Task> tasks(UUID instanceId, long revision) {
        return engine.tasks(Revision.workloadName(instanceId, revision));
    }

    /** Makes every task of the revision ready, as soon as there are as many as named. */
    void ready(UUID instanceId, long revision, int tasks) {
        await().until(() -> tasks(instanceId, revision).size() == tasks);
        tasks(instanceId, revision).forEach(task -> engine.ready(task.id()));
    }

    Stream<DeploymentStatus> statuses(UUID instanceId) {
        return events.stream()
                .filter(event -> event.instanceId().equals(instanceId))
                .map(DeploymentEvent::status);
    }

    void awaitStatus(UUID instanceId, UUID orderId, Class<? extends DeploymentStatus> type) {
        await("status " + type.getSimpleName())
                .until(() -> events.stream()
                        .anyMatch(event -> event.instanceId().equals(instanceId)
                                && event.orderId().equals(orderId)
                                && type.isInstance(event.status())));
    }

    @Override
    public void close() throws Exception {
        context.close();
        session.close();
        broker.stop();
        postgres.close();
    }
}
