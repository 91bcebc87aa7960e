package io.switchboard.standalone;

import io.switchboard.standalone.embedded.EmbeddedBroker;
import io.switchboard.standalone.embedded.EmbeddedDatabase;
import io.switchboard.standalone.embedded.EmbeddedZooKeeper;
import io.switchboard.standalone.embedded.EtcdProcess;
import io.switchboard.standalone.embedded.EtcdSupervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Starts the embedded servers, then every service as a sibling context, and stops them in reverse. */
public final class Standalone {

    private static final Logger log = LoggerFactory.getLogger(Standalone.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    /** Contexts are started by this many threads: starting is bound by CPU, and most of it is class loading. */
    private static final int STARTERS = 2;

    private final StandaloneProperties settings;
    private final StateLock lock;
    private final Deque<Part> running = new ArrayDeque<>();

    private Standalone(StandaloneProperties settings, StateLock lock) {
        this.settings = settings;
        this.lock = lock;
    }

    public static void main(String[] args) {
        // Tomcat logs through the JDK; one log for all.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        try {
            var settings = settings(args);
            // Before the hook, which would say that another one, whose directory it is, isn't ready.
            var standalone = new Standalone(settings, StateLock.on(settings.directory()));
            Runtime.getRuntime().addShutdownHook(new Thread(standalone::stop, "standalone-stop"));
            standalone.start();
        } catch (Exception e) {
            // Embedded servers' threads would keep a half-started JVM alive.
            log.error("Switchboard does not start: {}", e.getMessage(), e);
            System.exit(1);
        }
    }

    private static StandaloneProperties settings(String[] args) {
        var environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(args));
        ConfigurationPropertySources.attach(environment);
        return Binder.get(environment).bindOrCreate("standalone", StandaloneProperties.class);
    }

    private void start() throws Exception {
        var began = Instant.now();
        var ready = settings.directory().resolve("ready");
        Files.deleteIfExists(ready);
        var secrets = Secrets.in(settings.directory().resolve("secrets.properties"), ServiceArguments.SECRETS);
        var ports = settings.ports();
        var data = settings.directory().resolve("data");

        var database = part(
                "database",
                () -> EmbeddedDatabase.start(
                        data.resolve("postgresql"), ports.database(), secrets.get(ServiceArguments.DATABASE_PASSWORD)));
        var broker = part("broker", () -> EmbeddedBroker.start(data.resolve("artemis")));
        var zookeeper = part(
                "zookeeper",
                () -> EmbeddedZooKeeper.start(data.resolve("zookeeper"), settings.taskHost(), ports.zookeeper()));
        var etcd = EtcdProcess.binary();
        var etcdPart = etcd.map(binary -> part(
                "etcd",
                () -> EtcdSupervisor.start(() -> EtcdProcess.start(
                        binary,
                        data.resolve("etcd"),
                        ports.etcd(),
                        ports.etcdPeer(),
                        secrets.get(ServiceArguments.ETCD_PASSWORD),
                        secrets.get(ServiceArguments.ETCD_ROOT_PASSWORD)))));
        if (etcd.isEmpty()) {
            log.warn("etcd is not installed: instances are reached directly, without a balancer");
        }
        var starts = new ArrayList<>(List.of(database, broker, zookeeper));
        etcdPart.ifPresent(starts::add);
        var servers = startAll(starts);
        var jdbcUrl = ((EmbeddedDatabase) servers.getFirst()).jdbcUrl();

        var arguments = new ServiceArguments(settings, secrets, jdbcUrl, etcd.isPresent());
        startAll(Service.all().stream()
                .map(service -> part(service.name(), () -> service.start(arguments)))
                .toList());
        announce(began);
        var next = Files.writeString(settings.directory().resolve("ready.new"), "http://127.0.0.1:" + ports.console());
        Files.move(next, ready, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Start part(String name, Callable<? extends AutoCloseable> start) {
        return new Start(name, start);
    }

    private List<AutoCloseable> startAll(List<Start> starts) throws Exception {
        try (var starters = Executors.newFixedThreadPool(STARTERS)) {
            var futures = new ArrayList<Future<AutoCloseable>>();
            for (var start : starts) {
                futures.add(starters.submit(() -> start(start)));
            }
            var started = new ArrayList<AutoCloseable>();
            for (var future : futures) {
                try {
                    started.add(future.get());
                } catch (ExecutionException e) {
                    starters.shutdownNow();
                    throw e.getCause() instanceof Exception cause ? cause : e;
                }
            }
            return started;
        }
    }

    private AutoCloseable start(Start start) throws Exception {
        var began = Instant.now();
        var part = start.start().call();
        synchronized (running) {
            running.push(new Part(start.name(), part));
        }
        log.info(
                "{} is up after {} ms",
                start.name(),
                Duration.between(began, Instant.now()).toMillis());
        return part;
    }

    private void announce(Instant began) {
        var ports = settings.ports();
        log.info(
                "Switchboard is ready after {} ms: console http://127.0.0.1:{}, API http://127.0.0.1:{}",
                Duration.between(began, Instant.now()).toMillis(),
                ports.console(),
                ports.request());
    }

    /** Services first, in reverse of their start, then what they stand on. */
    private void stop() {
        var parts = new ArrayList<Part>();
        synchronized (running) {
            parts.addAll(running);
        }
        try {
            Files.deleteIfExists(settings.directory().resolve("ready"));
        } catch (IOException e) {
            log.debug("ready file stays", e);
        }
        try {
            for (var part : parts) {
                part.stop(STOP_LIMIT);
            }
            lock.close();
        } catch (IOException e) {
            log.debug("the lock goes with the process", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Start(String name, Callable<? extends AutoCloseable> start) {}
}
