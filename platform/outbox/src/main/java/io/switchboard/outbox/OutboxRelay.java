package io.switchboard.outbox;

import io.switchboard.batching.Pace;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.TextMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends stored messages in order and deletes them.
 *
 * <p>One pass is: lock the table's head, send it in one JMS transaction, delete it, commit. A crash between the broker's
 * commit and the database's sends the batch again: consumers take whatever comes twice for what it is, by the order's id
 * or the event's sequence. Of several replicas one relays at a time: an advisory lock keeps the order.
 */
final class OutboxRelay implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final String GROUP_ID = "JMSXGroupID";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final ConnectionFactory broker;
    private final OutboxProperties properties;
    private final Pace pace;
    private final Semaphore stored = new Semaphore(0);
    private final AtomicBoolean failing = new AtomicBoolean();
    private final Map<String, Destination> destinations = new HashMap<>();
    private volatile @Nullable Thread worker;
    private @Nullable JMSContext session;

    OutboxRelay(
            JdbcTemplate jdbc, TransactionTemplate transaction, ConnectionFactory broker, OutboxProperties properties) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.broker = broker;
        this.properties = properties;
        this.pace = new Pace(properties.rest());
    }

    /** Looks at the table soon; never blocks. */
    void wake() {
        if (stored.availablePermits() == 0) {
            stored.release();
        }
    }

    @Override
    public void start() {
        var relay = Thread.ofPlatform().name("outbox-relay").daemon().unstarted(this::relay);
        // Before it runs, because it runs only as long as it is the worker.
        worker = relay;
        relay.start();
    }

    @Override
    public void stop() {
        var running = worker;
        worker = null;
        if (running != null) {
            running.interrupt();
            try {
                running.join(TimeUnit.SECONDS.toMillis(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return worker != null;
    }

    private void relay() {
        while (worker == Thread.currentThread()) {
            try {
                int sent = sendBatch();
                if (failing.getAndSet(false)) {
                    log.info("outbox messages reach the broker again");
                }
                if (sent < properties.batch()) {
                    pace.rest(sent);
                    stored.tryAcquire(properties.every().toMillis(), TimeUnit.MILLISECONDS);
                    stored.drainPermits();
                }
            } catch (InterruptedException e) {
                break;
            } catch (RuntimeException e) {
                // Whatever it is, this thread goes on: without it no message would be sent any more.
                if (Thread.currentThread().isInterrupted() || worker != Thread.currentThread()) {
                    break;
                }
                closeSession();
                if (!failing.getAndSet(true)) {
                    log.warn("outbox messages wait: {}", e.toString());
                }
                try {
                    TimeUnit.MILLISECONDS.sleep(properties.every().toMillis());
                } catch (InterruptedException interrupted) {
                    break;
                }
            }
        }
        closeSession();
    }

    /** Answers how many messages were sent; 0 also when another replica relays. */
    private int sendBatch() {
        return Objects.requireNonNullElse(
                transaction.execute(status -> {
                    var mine = jdbc.queryForObject(
                            "select pg_try_advisory_xact_lock(hashtext(current_schema() || '.outbox'))", Boolean.class);
                    if (!Boolean.TRUE.equals(mine)) {
                        return 0;
                    }
                    var batch = head();
                    if (!batch.isEmpty()) {
                        send(batch);
                        jdbc.update("delete from outbox where id = any (?)", (Object)
                                batch.stream().map(Stored::id).toArray(Long[]::new));
                    }
                    return batch.size();
                }),
                0);
    }

    private List<Stored> head() {
        return jdbc.query(
                """
                select id, destination, topic, group_id, body
                from outbox
                order by id
                limit ?
                """,
                (row, index) -> new Stored(
                        row.getLong("id"),
                        row.getString("destination"),
                        row.getBoolean("topic"),
                        row.getString("group_id"),
                        row.getString("body")),
                properties.batch());
    }

    private void send(List<Stored> batch) {
        var jms = session();
        var producer = jms.createProducer().setDeliveryMode(DeliveryMode.PERSISTENT);
        for (var message : batch) {
            producer.send(destination(jms, message), text(jms, message));
        }
        jms.commit();
    }

    private static TextMessage text(JMSContext jms, Stored message) {
        var text = jms.createTextMessage(message.body());
        try {
            if (message.group() != null) {
                text.setStringProperty(GROUP_ID, message.group());
            }
        } catch (JMSException e) {
            throw new JMSRuntimeException(e.getMessage(), e.getErrorCode(), e);
        }
        return text;
    }

    private JMSContext session() {
        var open = session;
        if (open == null) {
            open = broker.createContext(JMSContext.SESSION_TRANSACTED);
            session = open;
        }
        return open;
    }

    private Destination destination(JMSContext jms, Stored message) {
        return destinations.computeIfAbsent(
                (message.topic() ? "topic:" : "queue:") + message.destination(),
                key -> message.topic()
                        ? jms.createTopic(message.destination())
                        : jms.createQueue(message.destination()));
    }

    private void closeSession() {
        var open = session;
        session = null;
        destinations.clear();
        if (open != null) {
            try {
                open.close();
            } catch (JMSRuntimeException e) {
                log.debug("closing a broken broker session", e);
            }
        }
    }

    private record Stored(
            long id,
            String destination,
            boolean topic,
            @Nullable String group,
            String body) {}
}
