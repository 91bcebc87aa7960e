package io.switchboard.request;

import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.access.RouteEvent;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.PortSpec.Protocol;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.jms.connection.CachingConnectionFactory;
import tools.jackson.databind.json.JsonMapper;

/** Scheduler and balancer, played by the test over the real broker. */
public final class Neighbours implements AutoCloseable {

    /** An order as the scheduler gets it. */
    public record Received(String group, OrderMessage order) {}

    private final JMSContext listening;
    private final JMSContext telling;
    private final JsonMapper json;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Map<UUID, Long> sequences = new ConcurrentHashMap<>();

    Neighbours(ConnectionFactory broker, JsonMapper json) {
        this.json = json;
        var plain = broker instanceof CachingConnectionFactory caching
                ? Objects.requireNonNull(caching.getTargetConnectionFactory())
                : broker;
        this.listening = plain.createContext();
        this.telling = plain.createContext();
        listening.createConsumer(listening.createQueue(OrderMessage.QUEUE)).setMessageListener(message -> {
            try {
                received.add(new Received(
                        message.getStringProperty("JMSXGroupID"),
                        json.readValue(((TextMessage) message).getText(), OrderMessage.class)));
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** What came over the queue for an instance, in that order. */
    public List<Received> orders(UUID instanceId) {
        return received.stream()
                .filter(each -> each.order().instanceId().equals(instanceId))
                .toList();
    }

    public void deployment(OrderMessage order, DeploymentStatus status) {
        deployment(order, sequences.merge(order.instanceId(), 1L, Long::sum), status);
    }

    public void deployment(OrderMessage order, long sequence, DeploymentStatus status) {
        tell(
                DeploymentEvent.TOPIC,
                new DeploymentEvent(
                        order.instanceId(), order.orderId(), order.tenant(), sequence, Instant.now(), status));
    }

    public void routed(OrderMessage order, long sequence, String url) {
        tell(
                RouteEvent.TOPIC,
                new RouteEvent(
                        order.instanceId(),
                        order.tenant(),
                        sequence,
                        Instant.now(),
                        List.of(new Address("http", Protocol.HTTP, url)),
                        2,
                        false));
    }

    public void unrouted(OrderMessage order, long sequence) {
        tell(
                RouteEvent.TOPIC,
                new RouteEvent(order.instanceId(), order.tenant(), sequence, Instant.now(), List.of(), 0, true));
    }

    public void tellRaw(String topic, String text) {
        telling.createProducer().send(telling.createTopic(topic), text);
    }

    private synchronized void tell(String topic, Object event) {
        tellRaw(topic, json.writeValueAsString(event));
    }

    @Override
    public void close() {
        listening.close();
        telling.close();
    }
}
