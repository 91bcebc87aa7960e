package io.switchboard.samples.acd.line;

import io.switchboard.samples.acd.floor.Floor;
import io.switchboard.samples.acd.floor.TaskProperties;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Listens for calls and gives each connection a virtual thread. */
@Component
class CallServer implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(CallServer.class);
    /** Connections that the kernel keeps until they are accepted: a restart elsewhere brings many at once. */
    private static final int BACKLOG = 512;

    private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

    private final Floor floor;
    private final TaskProperties task;
    private final LineProperties properties;
    private final Set<CallConnection> connections = ConcurrentHashMap.newKeySet();
    private final Semaphore room;
    private volatile @Nullable ServerSocket listening;

    CallServer(Floor floor, TaskProperties task, LineProperties properties) {
        this.floor = floor;
        this.task = task;
        this.properties = properties;
        this.room = new Semaphore(properties.connections());
    }

    @Override
    public void start() {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(properties.port()), BACKLOG);
            listening = socket;
            Thread.ofVirtual().name("calls").start(() -> accept(socket));
            log.info("Listening for calls on port {}", socket.getLocalPort());
        } catch (IOException e) {
            throw new IllegalStateException("port " + properties.port() + " for calls can't be had", e);
        }
    }

    /** Where it listens. */
    int port() {
        var socket = listening;
        return socket == null ? 0 : socket.getLocalPort();
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                var accepted = socket.accept();
                Thread.ofVirtual().start(() -> serve(accepted));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    // Too many open files, as a rule; it passes when calls end.
                    log.warn("a connection could not be accepted: {}", e.getMessage());
                    pause();
                }
            }
        }
    }

    private void serve(Socket accepted) {
        try (accepted) {
            if (!room.tryAcquire()) {
                floor.turnAway();
                CallConnection.refuse(accepted, "REFUSED TOO_MANY_CONNECTIONS try again");
                return;
            }
            var connection = new CallConnection(accepted, new Conversation(floor, task.id()), properties.heartbeat());
            connections.add(connection);
            try {
                connection.hold();
            } finally {
                connections.remove(connection);
                room.release();
            }
        } catch (IOException e) {
            log.debug("a caller's connection broke: {}", e.getMessage());
        }
    }

    /** Whoever says nothing doesn't read either, so nothing is said to them. */
    @Scheduled(fixedDelay = 1_000)
    void hangUpOnTheSilent() {
        long limit = properties.idleLimit().toNanos();
        long now = System.nanoTime();
        connections.stream()
                .filter(connection -> now - connection.heardAt() > limit)
                .forEach(CallConnection::close);
    }

    /** Takes no new calls, and is done when the last one has ended or the shutdown's time is over. */
    @Override
    public void stop(Runnable done) {
        floor.drain();
        stop();
        Thread.ofVirtual().start(() -> {
            while (!connections.isEmpty()) {
                pause();
            }
            done.run();
        });
    }

    @Override
    public void stop() {
        var socket = listening;
        listening = null;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                log.warn("the port for calls could not be closed: {}", e.getMessage());
            }
        }
    }

    @Override
    public boolean isRunning() {
        return listening != null;
    }

    /** Together with the requests in hand. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
    }

    private static void pause() {
        try {
            Thread.sleep(AFTER_FAILURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
