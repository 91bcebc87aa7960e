package io.switchboard.bench;

import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.access.RouteEvent;
import io.switchboard.contracts.scheduling.PortSpec.Protocol;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Stands in for service-access: takes every task snapshot over at once and says so, in batches. */
final class Balancer implements AutoCloseable {

    private static final int BATCH = 200;
    /** Events in one message, as service-access sends them. */
    private static final int TOGETHER = 50;

    private final ActiveMQConnectionFactory broker;
    private final Clock clock;
    private final JsonMapper json = JsonMapper.shared();
    private final Thread worker;
    private volatile boolean closed;

    Balancer(String brokerUrl, Clock clock) {
        this.broker = new ActiveMQConnectionFactory(brokerUrl);
        this.clock = clock;
        this.worker = Thread.ofPlatform().name("balancer").daemon().start(this::run);
    }

    private void run() {
        try (var session = broker.createContext(JMSContext.SESSION_TRANSACTED);
                var snapshots = session.createSharedDurableConsumer(
                        session.createTopic(TaskSnapshot.TOPIC), "bench-balancer")) {
            var producer = session.createProducer();
            var routes = session.createTopic(RouteEvent.TOPIC);
            while (!closed) {
                @Nullable Message message = snapshots.receive(200);
                var events = new ArrayList<RouteEvent>();
                while (message != null) {
                    events.addAll(routed(message));
                    message = events.size() < BATCH ? snapshots.receive(1) : null;
                }
                for (int from = 0; from < events.size(); from += TOGETHER) {
                    var together = events.subList(from, Math.min(events.size(), from + TOGETHER));
                    producer.send(routes, json.writeValueAsString(together));
                }
                session.commit();
            }
        }
    }

    private List<RouteEvent> routed(Message message) {
        try {
            List<TaskSnapshot> snapshots =
                    json.readerForListOf(TaskSnapshot.class).readValue(message.getBody(String.class));
            return snapshots.stream().map(this::routed).toList();
        } catch (JMSException e) {
            throw new JMSRuntimeException(e.getMessage());
        }
    }

    private RouteEvent routed(TaskSnapshot snapshot) {
        return new RouteEvent(
                snapshot.instanceId(),
                snapshot.tenant(),
                snapshot.sequence(),
                clock.instant(),
                List.of(new Address(
                        "http", Protocol.HTTP, "http://" + snapshot.instanceName() + "." + snapshot.tenant())),
                snapshot.tasks().size(),
                snapshot.removed());
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        worker.join(5000);
        broker.close();
    }
}
