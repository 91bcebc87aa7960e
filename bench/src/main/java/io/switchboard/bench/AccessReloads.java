package io.switchboard.bench;

import io.etcd.jetcd.Watch;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * The baseline: what confd and marathon-lb do with a change. The whole file is rendered, checked by HAProxy and taken over by
 * a reload; changes that come meanwhile wait, and share the next one. No pause is added, so it is as fast as that gets.
 */
final class AccessReloads implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 20;

    private final Path file;
    private final int httpPort = FreePorts.next();
    private final Map<UUID, Upstream> upstreams = new ConcurrentHashMap<>();
    private final Semaphore changes = new Semaphore(0);
    private final JsonMapper json = JsonMapper.shared();
    private final Watch.Watcher watcher;
    private final Process haproxy;
    private final Thread worker;

    private AccessReloads(Path directory, List<AccessService> services, AccessRecords records, Clock clock)
            throws IOException {
        this.file = directory.resolve("haproxy.cfg");
        services.forEach(service -> upstreams.put(service.id(), service.upstream(clock.instant())));
        this.watcher = records.watch(record -> {
            var upstream = json.readValue(record, Upstream.class);
            upstreams.put(upstream.instanceId(), upstream);
            changes.release();
        });
        Files.writeString(file, render());
        this.haproxy = new ProcessBuilder("haproxy", "-W", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("haproxy.out").toFile())
                .start();
        this.worker = Thread.ofPlatform().name("baseline").daemon().unstarted(this::reloadUntilStopped);
    }

    static AccessReloads start(Path directory, List<AccessService> services, AccessRecords records, Clock clock)
            throws IOException {
        var reloads = UntilExit.open(new AccessReloads(directory, services, records, clock));
        reloads.worker.start();
        return reloads;
    }

    int httpPort() {
        return httpPort;
    }

    private void reloadUntilStopped() {
        try {
            while (haproxy.isAlive()) {
                changes.acquire();
                changes.drainPermits();
                Files.writeString(file, render());
                Command.run(Map.of(), "haproxy", "-c", "-q", "-f", file.toString())
                        .orFail();
                var before = workers();
                Command.run(Map.of(), "kill", "-USR2", Long.toString(haproxy.pid()))
                        .orFail();
                awaitWorkerBeside(before);
            }
        } catch (IOException e) {
            System.err.println("the baseline ended: " + e);
        } catch (InterruptedException e) {
            // It was closed.
        }
    }

    /** HAProxy loses a reload that is asked for during another. */
    private void awaitWorkerBeside(Set<Long> before) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (before.containsAll(workers()) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private Set<Long> workers() {
        return haproxy.children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private String render() {
        var text = new StringBuilder("""
                defaults
                  mode http
                  timeout connect 1s
                  timeout client 1h
                  timeout server 1h
                  retries 3
                  option redispatch 1
                frontend http_in
                  bind 127.0.0.1:%d
                """.formatted(httpPort));
        var sorted = new TreeMap<>(upstreams);
        sorted.forEach((id, upstream) -> upstream.routes().forEach(route -> {
            if (route instanceof Route.Host(String port, String host)) {
                text.append("  use_backend %s-%s if { req.hdr(host),field(1,:),lower -m str %s }\n"
                        .formatted(id, port, host));
            }
        }));
        sorted.forEach((id, upstream) -> {
            text.append("backend %s-http\n  balance leastconn\n".formatted(id));
            upstream.endpoints("http").forEach(endpoint -> text.append(server(endpoint)));
        });
        return text.toString();
    }

    private static String server(Endpoint endpoint) {
        return "  server %s %s:%d%s\n"
                .formatted(
                        endpoint.taskId(),
                        endpoint.host(),
                        endpoint.number(),
                        endpoint.state() == State.READY ? "" : " disabled");
    }

    @Override
    public void close() throws InterruptedException {
        if (!UntilExit.closes(this)) {
            return;
        }
        watcher.close();
        worker.interrupt();
        worker.join();
        haproxy.descendants().forEach(ProcessHandle::destroyForcibly);
        haproxy.destroyForcibly().waitFor();
    }
}
