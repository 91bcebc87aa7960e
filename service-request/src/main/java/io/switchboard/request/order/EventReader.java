package io.switchboard.request.order;

import io.switchboard.batching.Pace;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import tools.jackson.core.JacksonException;

/**
 * Reads one topic in batches: what is there is taken, stored in one transaction, and only then acknowledged. Spring's
 * listener containers hand over one message a transaction, which would cost a commit for each.
 *
 * <p>While the database is away a batch is kept and tried again, so that the broker doesn't count deliveries against its
 * messages. A message nobody can read is logged and left out.
 */
final class EventReader implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(EventReader.class);
    /** With the topic's name after it: the broker keeps a shared subscription as a queue of just that name. */
    private static final String SUBSCRIPTION = "service-request-";

    private static final long IDLE_MILLIS = 500;
    /** Enough for the next message to come out of the client's buffer; the batch isn't held up for more. */
    private static final long NEXT_MILLIS = 1;

    private final ConnectionFactory broker;
    private final String topic;
    private final Function<String, List<News>> reader;
    private final FollowOrders follow;
    private final FollowProperties properties;
    private final Pace pace;
    private volatile @Nullable Thread worker;

    EventReader(
            ConnectionFactory broker,
            String topic,
            Function<String, List<News>> reader,
            FollowOrders follow,
            FollowProperties properties) {
        this.broker = broker;
        this.topic = topic;
        this.reader = reader;
        this.follow = follow;
        this.properties = properties;
        this.pace = new Pace(properties.rest());
    }

    @Override
    public void start() {
        var thread = Thread.ofPlatform().name(topic).daemon().unstarted(this::run);
        // Before it runs, because it runs only as long as it is the worker.
        worker = thread;
        thread.start();
    }

    @Override
    public void stop() {
        var running = worker;
        worker = null;
        if (running != null) {
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

    private boolean wanted() {
        return worker == Thread.currentThread();
    }

    private void run() {
        boolean failing = false;
        while (wanted()) {
            try (var session = broker.createContext(JMSContext.SESSION_TRANSACTED);
                    var consumer = session.createSharedDurableConsumer(
                            session.createTopic(topic), SUBSCRIPTION + topic.replace('.', '-'))) {
                if (failing) {
                    log.info("events of {} are read again", topic);
                    failing = false;
                }
                while (wanted()) {
                    readBatch(session, consumer);
                }
            } catch (JMSRuntimeException e) {
                if (!failing && wanted()) {
                    log.warn("events of {} wait: {}", topic, e.getMessage());
                    failing = true;
                }
                pause();
            }
        }
    }

    private void readBatch(JMSContext session, JMSConsumer consumer) {
        var batch = new ArrayList<News>();
        var message = consumer.receive(IDLE_MILLIS);
        while (message != null) {
            batch.addAll(read(message));
            message = batch.size() < properties.batch() ? consumer.receive(NEXT_MILLIS) : null;
        }
        if (batch.isEmpty() || store(batch)) {
            session.commit();
        }
        pace.rest(batch.size());
    }

    /** Whether it is stored; it is not only if the reader was told to stop before the database came back. */
    private boolean store(List<News> batch) {
        while (true) {
            try {
                follow.heed(batch);
                return true;
            } catch (DataAccessException | TransactionException e) {
                log.warn("events of {} can't be stored at the moment: {}", topic, e.getMessage());
                pause();
                if (!wanted()) {
                    return false;
                }
            }
        }
    }

    private List<News> read(Message message) {
        try {
            return message instanceof TextMessage text ? reader.apply(text.getText()) : List.of();
        } catch (JacksonException | NullPointerException | IllegalArgumentException | JMSException e) {
            log.error("a message of {} is left out, because it can't be read: {}", topic, e.getMessage());
            return List.of();
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(properties.retryAfter().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
