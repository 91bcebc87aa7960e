package io.switchboard.scheduling.inbox;

import io.switchboard.batching.Pace;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jms.connection.SingleConnectionFactory;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Takes messages off one destination, several at a time: what is there when a message arrives is handled with it and
 * acknowledged together, after the handler's own transaction. A crash between the two brings the batch again, so
 * handlers are idempotent.
 *
 * <p>A batch that fails goes back to the broker, and what comes a second time is handled alone: one bad message costs
 * its neighbours one delivery and then only itself. While the database is away a batch is kept and tried again, because
 * that is no fault of the messages.
 */
public final class Inbox implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Inbox.class);
    private static final Pace PACE = new Pace(Duration.ofMillis(20));
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** How long a quiet consumer blocks before it looks whether it should end. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final String name;
    private final ConnectionFactory connections;
    private final Source source;
    private final int consumers;
    private final int batch;
    private final BatchHandler handler;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Connection> open = new CopyOnWriteArrayList<>();
    private volatile boolean running;

    /** Where messages come from. */
    @FunctionalInterface
    public interface Source {
        MessageConsumer consumer(Session session) throws JMSException;
    }

    /**
     * @param name for threads and the log
     * @param consumers how many batches are handled at once
     * @param batch the most messages in one batch
     */
    public Inbox(
            String name, ConnectionFactory connections, Source source, int consumers, int batch, BatchHandler handler) {
        this.name = name;
        // A shared connection outlives our failures; each consumer needs one that it can give up.
        this.connections =
                connections instanceof SingleConnectionFactory shared && shared.getTargetConnectionFactory() != null
                        ? shared.getTargetConnectionFactory()
                        : connections;
        this.source = source;
        this.consumers = consumers;
        this.batch = batch;
        this.handler = handler;
    }

    /** Messages of a queue. */
    public static Source queue(String queue) {
        return session -> session.createConsumer(session.createQueue(queue));
    }

    /** Messages of a topic, kept while nobody listens; all listeners with the same subscription share them. */
    public static Source topic(String topic, String subscription) {
        return session -> session.createSharedDurableConsumer(session.createTopic(topic), subscription);
    }

    /** Messages of a topic while one listens; each listener gets all. */
    public static Source passing(String topic) {
        return session -> session.createConsumer(session.createTopic(topic));
    }

    @Override
    public void start() {
        running = true;
        for (int i = 0; i < consumers; i++) {
            threads.add(Thread.ofPlatform().name(name + "-" + i).daemon().start(this::consume));
        }
    }

    @Override
    public void stop() {
        running = false;
        try {
            for (var thread : threads) {
                thread.join(QUIET.multipliedBy(3));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.clear();
        open.forEach(this::close);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Orders wait in the broker until all else runs, and stop coming before anything else stops. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 1_000;
    }

    private void consume() {
        boolean failing = false;
        while (running) {
            Connection connection = null;
            try {
                connection = connections.createConnection();
                open.add(connection);
                connection.start();
                if (failing) {
                    log.info("{} takes messages again", name);
                    failing = false;
                }
                consume(connection);
            } catch (JMSException e) {
                if (running && !failing) {
                    log.warn("{} waits for the broker: {}", name, e.getMessage());
                    failing = true;
                }
                pause();
            } finally {
                if (connection != null) {
                    open.remove(connection);
                    close(connection);
                }
            }
        }
    }

    private void consume(Connection connection) throws JMSException {
        try (var session = connection.createSession(true, Session.SESSION_TRANSACTED);
                var consumer = source.consumer(session)) {
            while (running) {
                var messages = receive(consumer);
                if (messages.isEmpty()) {
                    continue;
                }
                if (handled(messages)) {
                    session.commit();
                } else {
                    session.rollback();
                }
                PACE.rest(messages.size());
            }
        }
    }

    private List<Message> receive(MessageConsumer consumer) throws JMSException {
        var messages = new ArrayList<Message>();
        var message = consumer.receive(QUIET.toMillis());
        while (message != null) {
            messages.add(message);
            if (messages.size() == batch || message.getJMSRedelivered()) {
                break;
            }
            message = consumer.receiveNoWait();
        }
        return messages;
    }

    private boolean handled(List<Message> messages) throws JMSException {
        boolean told = false;
        while (true) {
            try {
                handler.handle(texts(messages));
                return true;
            } catch (DataAccessResourceFailureException
                    | TransientDataAccessException
                    | CannotCreateTransactionException e) {
                if (!told) {
                    log.warn(
                            "{} keeps {} messages until the database answers: {}",
                            name,
                            messages.size(),
                            e.getMessage());
                    told = true;
                }
                pause();
                if (!running) {
                    return false;
                }
            } catch (RuntimeException e) {
                // The body stays out of the log: it may hold what only the tenant should read.
                log.warn(
                        "{} could not handle {} (delivery {}): {}",
                        name,
                        messages.size() == 1 ? messages.getFirst().getJMSMessageID() : messages.size() + " messages",
                        messages.getFirst().getIntProperty("JMSXDeliveryCount"),
                        e.toString());
                return false;
            }
        }
    }

    private static List<String> texts(List<Message> messages) throws JMSException {
        var texts = new ArrayList<String>();
        for (var message : messages) {
            if (!(message instanceof TextMessage text) || text.getText() == null) {
                throw new IllegalArgumentException("message " + message.getJMSMessageID() + " holds no text");
            }
            texts.add(text.getText());
        }
        return texts;
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }

    private void close(Connection connection) {
        try {
            connection.close();
        } catch (JMSException e) {
            log.debug("closing a broken connection", e);
        }
    }
}
