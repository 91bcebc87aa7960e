package io.switchboard.bench;

import static io.switchboard.bench.Output.say;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Tasks come, drain and go, two or three of each service ready at any time, while requests are made and connections are held. A task
 * drains for a second before it goes; a request that it still gets after that has failed, as its task would be gone.
 */
final class AccessChurn {

    private static final int CHANGES_PER_SECOND = 50;
    private static final int REQUESTS_PER_SECOND = 500;
    private static final int HELD = 500;
    private static final long DRAINING_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final int PATIENCE_MILLIS = 10_000;

    private final AccessAgent agent;
    private final AccessRecords records;
    private final List<AccessService> services;
    private final int firstPublicPort;

    private final Map<String, Long> removed = new ConcurrentHashMap<>();
    private final Map<AccessService, Queue<Draining>> draining = new HashMap<>();
    private final Queue<HttpConnection> idle = new ConcurrentLinkedQueue<>();
    private final Histogram nanos = new ConcurrentHistogram(3);
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private final Map<String, AtomicInteger> reasons = new ConcurrentHashMap<>();
    private volatile boolean over;

    AccessChurn(AccessAgent agent, AccessRecords records, List<AccessService> services, int firstPublicPort) {
        this.agent = agent;
        this.records = records;
        this.services = services;
        this.firstPublicPort = firstPublicPort;
    }

    /**
     * @param failed requests without an answer of a task that is there
     * @param cut held connections that ended
     * @param reloads of HAProxy
     * @param maxProcesses workers of HAProxy at once
     */
    record Result(int failed, int cut, int reloads, int maxProcesses) {}

    private record Draining(String task, long since) {}

    Result run(int changes) throws Exception {
        int reloads = agent.reloads();
        long memory = agent.residentKib();
        int most = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var held = hold(threads);
            var load = CompletableFuture.supplyAsync(() -> load(threads), threads);
            var changing = CompletableFuture.runAsync(() -> change(changes), threads);
            long half = 0;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(changes / CHANGES_PER_SECOND / 2);
            while (!changing.isDone()) {
                most = Math.max(most, agent.workers());
                if (half == 0 && System.nanoTime() > end) {
                    half = agent.residentKib();
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            }
            changing.get();
            over = true;
            int requests = load.get();
            say(
                    "churn       %d changes, %,d requests, %d failed, %s",
                    changes,
                    requests,
                    failed.get(),
                    Output.percentiles(nanos, "p50 %.1f, p99 %.1f, most %.1f ms", 50, 99, 100));
            say("            HAProxy %,d KiB before, %,d halfway, %,d after", memory, half, agent.residentKib());
            for (Socket socket : held) {
                socket.close();
            }
        } finally {
            over = true;
        }
        say("            %d connections held, %d cut", HELD, cut.get());
        reasons.forEach((reason, times) -> say("            %d times: %s", times.get(), reason));
        for (HttpConnection connection : idle) {
            connection.close();
        }
        return new Result(failed.get(), cut.get(), agent.reloads() - reloads, most);
    }

    private void change(int changes) {
        long began = System.nanoTime();
        var puts = new ArrayList<CompletableFuture<?>>();
        for (int change = 0; change < changes; change++) {
            sleepUntil(began + change * TimeUnit.SECONDS.toNanos(1) / CHANGES_PER_SECOND);
            var service = services.get(ThreadLocalRandom.current().nextInt(services.size()));
            var waits = draining.computeIfAbsent(service, none -> new ArrayDeque<>());
            var oldest = waits.peek();
            if (oldest != null && oldest.since() + DRAINING_NANOS < System.nanoTime()) {
                var task = waits.remove().task();
                service.remove(task);
                removed.put(task, System.nanoTime());
            } else if (service.ready().size() > 2) {
                var task = service.ready().getFirst();
                service.drain(task);
                waits.add(new Draining(task, System.nanoTime()));
            } else {
                removed.remove(service.add());
            }
            puts.add(records.put(service));
        }
        CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new)).join();
        sleepUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(2));
    }

    private int load(ExecutorService threads) {
        long began = System.nanoTime();
        int sent = 0;
        while (!over) {
            sleepUntil(began + sent * TimeUnit.SECONDS.toNanos(1) / REQUESTS_PER_SECOND);
            boolean fresh = sent % 2 == 0;
            long due = System.nanoTime();
            threads.execute(() -> request(fresh, due));
            sent++;
        }
        return sent;
    }

    private void request(boolean fresh, long due) {
        var service = services.get(ThreadLocalRandom.current().nextInt(services.size()));
        try {
            var answer = fresh ? HttpConnection.once(agent.httpPort(), service.host()) : overIdle(service);
            nanos.recordValue(System.nanoTime() - due);
            if (answer.status() != 200) {
                failed("status " + answer.status());
            } else if (!services.get(AccessService.number(answer.body())).equals(service)) {
                failed("answered by another service's task");
            } else {
                Long gone = removed.get(answer.body());
                if (gone != null && gone < due) {
                    failed("answered by a removed task");
                }
            }
        } catch (IOException e) {
            failed(e.toString());
        }
    }

    private HttpConnection.Answer overIdle(AccessService service) throws IOException {
        @Nullable HttpConnection kept = idle.poll();
        var connection = kept == null ? new HttpConnection(agent.httpPort()) : kept;
        try {
            var answer = connection.get(service.host());
            idle.add(connection);
            return answer;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    private void failed(String reason) {
        failed.incrementAndGet();
        reasons.computeIfAbsent(reason, none -> new AtomicInteger()).incrementAndGet();
    }

    private List<Socket> hold(ExecutorService threads) throws IOException {
        var held = new ArrayList<Socket>();
        for (int number = 0; number < HELD; number++) {
            var socket = new Socket(InetAddress.getLoopbackAddress(), firstPublicPort + number % services.size());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            speak(socket);
            held.add(socket);
            threads.execute(() -> keepSpeaking(socket));
        }
        return held;
    }

    private void keepSpeaking(Socket socket) {
        try {
            while (!over) {
                speak(socket);
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (IOException e) {
            if (!over) {
                cut.incrementAndGet();
                reasons.computeIfAbsent("cut: " + e, none -> new AtomicInteger())
                        .incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void speak(Socket socket) throws IOException {
        socket.getOutputStream().write('x');
        if (socket.getInputStream().read() != 'x') {
            throw new IOException("the other end is gone");
        }
    }

    private static void sleepUntil(long time) {
        long left = time - System.nanoTime();
        if (left > 0) {
            try {
                TimeUnit.NANOSECONDS.sleep(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
