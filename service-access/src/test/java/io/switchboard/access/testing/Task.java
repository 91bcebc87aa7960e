package io.switchboard.access.testing;

import com.sun.net.httpserver.HttpServer;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A task of an instance: answers every request with its name, and {@code /slow} once it is told to. */
public final class Task implements AutoCloseable {

    private final String id;
    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch slowBegan = new CountDownLatch(1);
    private final CountDownLatch slowMayEnd = new CountDownLatch(1);

    public Task(String id) {
        this(id, InetAddress.getLoopbackAddress());
    }

    /** @param address where it listens */
    public Task(String id, InetAddress address) {
        this(id, new InetSocketAddress(address, 0));
    }

    /** Where another one listened before. */
    public Task(String id, int port) {
        this(id, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private Task(String id, InetSocketAddress address) {
        this.id = id;
        try {
            this.server = HttpServer.create(address, 50);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            if (exchange.getRequestURI().getPath().equals("/slow")) {
                slowBegan.countDown();
                try {
                    slowMayEnd.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            var seen = exchange.getRequestHeaders().getFirst("X-Request-Id");
            exchange.getResponseHeaders().set("X-Seen-Request-Id", seen == null ? "" : seen);
            var from = exchange.getRequestHeaders().getFirst("X-Forwarded-For");
            exchange.getResponseHeaders().set("X-Seen-Forwarded-For", from == null ? "" : from);
            var answer = id.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    public String id() {
        return id;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public int requests() {
        return requests.get();
    }

    /** As a snapshot lists it, with every named port leading here. */
    public ServingTask serving(State state, String... ports) {
        var numbers = new java.util.HashMap<String, Integer>();
        for (String port : ports.length == 0 ? new String[] {"http"} : ports) {
            numbers.put(port, port());
        }
        return new ServingTask(id, "127.0.0.1", Map.copyOf(numbers), state);
    }

    public void awaitSlowRequest() {
        try {
            slowBegan.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public void finishSlowRequest() {
        slowMayEnd.countDown();
    }

    @Override
    public void close() {
        slowMayEnd.countDown();
        server.stop(0);
    }
}
