package io.switchboard.bench;

import static io.switchboard.bench.Output.millis;
import static io.switchboard.bench.Output.say;
import static io.switchboard.bench.Output.sayMachine;

import io.switchboard.ports.FreePorts;
import io.switchboard.standalone.embedded.EmbeddedBroker;
import io.switchboard.standalone.embedded.EtcdProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Claims about service-access:
 *
 * <ol>
 *   <li>change: from the put of a change into etcd to the first request that follows it takes at most 10 ms at the median
 *       and 50 ms at the 99th percentile with 1, 50 and 500 services, and is at least ten times faster at 500 services than
 *       rendering and reloading; so is a removal;
 *   <li>churn: a thousand changes at 50 a second fail none of 500 requests a second, cut none of 500 connections that are
 *       held, and need no reload and no second HAProxy;
 *   <li>flat: 5,000 services cost a change no more than 50 do;
 *   <li>flap: an endpoint that comes and goes ten times a second is followed, at no more than one application per change, and
 *       its last state is the one in force;
 *   <li>lag: a balancer whose agent or HAProxy is held up is reported as behind within a second;
 *   <li>restarts: etcd, the agent, HAProxy and the registrar are killed and come back in all 24 orders; no call fails except
 *       while HAProxy is down, and a second after all are back traffic follows what changed meanwhile. A task that dies
 *       with the registrar, whose lease lasts 15 seconds, gets no traffic once that has ended.
 * </ol>
 *
 * <p>etcd, HAProxy, service-access, the tasks and who asks for them share the one machine. The last line is JSON; what was
 * not measured is {@code null} there. Options: see {@link AccessOptions#USAGE}.
 */
public final class AccessBench implements AutoCloseable {

    private static final int CHURN_SERVICES = 50;
    private static final int WARM_UP = 150;
    private static final int FLAPS = 200;
    private static final int HOLDS = 20;

    private final AccessOptions options;
    private final Clock clock = Clock.systemUTC();
    private final WorkDirectory work = WorkDirectory.create();
    private final Path directory = work.path();
    private final String password = UUID.randomUUID().toString();
    private final String etcdUrl;
    private final int httpPort = FreePorts.next();
    private final int tcpPort = FreePorts.next();
    private final int firstPublicPort = FreePorts.next(CHURN_SERVICES);
    private final Tokens tokens = new Tokens(clock);
    private final AccessRestarts.EtcdStart startEtcd;
    private final EtcdProcess etcd;
    private final EmbeddedBroker broker;
    private final AccessTasks tasks;
    private final AccessRecords records;

    private AccessBench(AccessOptions options) throws Exception {
        this.options = options;
        int etcdPort = FreePorts.next();
        var binary = EtcdProcess.binary()
                .orElseThrow(
                        () -> new IOException("etcd is not installed; install it with: apt-get install etcd-server"));
        int peerPort = FreePorts.next();
        var rootPassword = UUID.randomUUID().toString();
        this.startEtcd =
                () -> EtcdProcess.start(binary, directory.resolve("etcd"), etcdPort, peerPort, password, rootPassword);
        this.etcd = UntilExit.open(startEtcd.start());
        this.etcdUrl = "http://127.0.0.1:" + etcdPort;
        this.broker = EmbeddedBroker.start(directory.resolve("broker"));
        this.tasks = new AccessTasks(httpPort, tcpPort);
        this.records = new AccessRecords(etcdUrl, password, clock);
    }

    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help")) {
            System.out.print(AccessOptions.USAGE);
            return;
        }
        var options = Arguments.orExit(() -> AccessOptions.parse(args));
        sayMachine();
        try (var bench = new AccessBench(options)) {
            bench.run();
        }
        // Threads of the embedded servers may linger.
        System.exit(0);
    }

    private void run() throws Exception {
        Map<Integer, AccessChanges.Result> agent = new TreeMap<>();
        Map<Integer, AccessChanges.Result> baseline = new TreeMap<>();
        if (options.measures("change")) {
            for (int size : options.sizes()) {
                agent.put(size, throughAgent(size, options.changes()));
                say("agent       %5d services: %s", size, agent.get(size).text());
                baseline.put(size, throughReloads(size));
                say("reloads     %5d services: %s", size, baseline.get(size).text());
            }
        }
        if (options.measures("flat")) {
            say(
                    "flat        %5d services: %s",
                    options.most(),
                    throughAgent(options.most(), options.changes()).text());
        }
        if (options.measures("flap")) {
            flap();
        }
        var lag = options.measures("lag") ? lag() : null;
        var restarts = options.measures("restarts") ? restarts() : null;
        var churn = options.measures("churn") ? churn() : null;
        System.out.println(String.join(
                ",",
                "{" + field("upP50Ms50", "%.1f", agent.get(50), AccessBench::up50),
                field("upP99Ms50", "%.1f", agent.get(50), result -> millis(result.up(), 99)),
                field("upP50Ms500", "%.1f", agent.get(500), AccessBench::up50),
                field("upP99Ms500", "%.1f", agent.get(500), result -> millis(result.up(), 99)),
                field("ratio50", "%.1f", agent.get(50), result -> up50(baseline.get(50)) / up50(result)),
                field("ratio500", "%.1f", agent.get(500), result -> up50(baseline.get(500)) / up50(result)),
                field("downP99Ms500", "%.1f", agent.get(500), result -> millis(result.down(), 99)),
                field("failed", "%.0f", churn, AccessChurn.Result::failed),
                field("cut", "%.0f", churn, AccessChurn.Result::cut),
                field("reloads", "%.0f", churn, AccessChurn.Result::reloads),
                field("maxProcesses", "%.0f", churn, AccessChurn.Result::maxProcesses),
                field("lagP50Ms", "%.0f", lag, Output::median),
                field("lagMaxMs", "%.0f", lag, Collections::max),
                field("lagOf", "%.0f", lag, List::size),
                field("restartOrders", "%.0f", restarts, AccessRestarts.Result::orders),
                field("restartFailed", "%.0f", restarts, AccessRestarts.Result::failed),
                field("restartMostMs", "%.0f", restarts, result -> Collections.max(result.recoveredMillis())),
                field("staleMs", "%.0f", restarts, AccessRestarts.Result::staleMillis) + "}"));
    }

    private static double up50(AccessChanges.@Nullable Result result) {
        return result == null ? Double.NaN : millis(result.up(), 50);
    }

    private static <T> String field(String name, String format, @Nullable T result, ToDoubleFunction<T> figure) {
        return "\"" + name + "\":"
                + (result == null ? "null" : String.format(Locale.ROOT, format, figure.applyAsDouble(result)));
    }

    private AccessChanges.Result throughAgent(int size, int changes) throws Exception {
        var services = services(size, 0);
        try (var agent = startAgent()) {
            var measured = new AccessChanges(records, agent.httpPort());
            measured.awaitAll(services);
            measured.measure(services, WARM_UP);
            return measured.measure(services, changes);
        }
    }

    private AccessChanges.Result throughReloads(int size) throws Exception {
        var services = services(size, 0);
        try (var reloads = AccessReloads.start(fresh("reloads"), services, records, clock)) {
            var measured = new AccessChanges(records, reloads.httpPort());
            measured.awaitAll(services);
            measured.measure(services, 2);
            return measured.measure(services, options.reloads());
        }
    }

    private AccessChurn.Result churn() throws Exception {
        var services = services(CHURN_SERVICES, CHURN_SERVICES);
        try (var agent = startAgent()) {
            var changes = new AccessChanges(records, agent.httpPort());
            changes.awaitAll(services);
            changes.measure(services, WARM_UP);
            return new AccessChurn(agent, records, services, firstPublicPort).run(options.churn());
        }
    }

    private AccessRestarts.Result restarts() throws Exception {
        services(0, 0);
        try (var restarts = new AccessRestarts(
                startEtcd, etcdUrl, password, directory.resolve("etcd"), fresh("restarts"), httpPort)) {
            var result = restarts.run(options.orders());
            say(
                    "restarts    %d orders, %d failed, right %.0f ms after all listened at the median, %.0f ms at most",
                    result.orders(),
                    result.failed(),
                    Output.median(result.recoveredMillis()),
                    Collections.max(result.recoveredMillis()));
            return result;
        }
    }

    private void flap() throws Exception {
        var services = services(CHURN_SERVICES, 0);
        try (var agent = startAgent()) {
            var changes = new AccessChanges(records, agent.httpPort());
            changes.awaitAll(services);
            double applied = agent.applied();
            long last = changes.flap(services.getFirst(), FLAPS);
            say(
                    "flap        %d changes of one endpoint, 10/s: %.0f times applied, last state right after %.1f ms",
                    FLAPS, agent.applied() - applied, last / 1e6);
        }
    }

    private List<Double> lag() throws Exception {
        var services = services(CHURN_SERVICES, 0);
        try (var agent = startAgent();
                var lag =
                        new AccessLag(etcdUrl, password, fresh("lag"), records, agent.apiPort(), tokens.ofOperator())) {
            var millis = lag.measure(services.getFirst(), HOLDS);
            say(
                    "lag         %d times an agent or its HAProxy was held up: said after %.0f ms at the median, %.0f ms at most",
                    millis.size(), Output.median(millis), Collections.max(millis));
            return millis;
        }
    }

    private AccessAgent startAgent() throws IOException {
        return AccessAgent.start(
                etcdUrl,
                password,
                fresh("agent"),
                firstPublicPort + "-" + (firstPublicPort + CHURN_SERVICES - 1),
                tokens);
    }

    /** @param tcp so many of them have a TCP route, too */
    private List<AccessService> services(int size, int tcp) {
        var services = IntStream.range(0, size)
                .mapToObj(number -> new AccessService(
                        number,
                        httpPort,
                        tcpPort,
                        number < tcp ? OptionalInt.of(firstPublicPort + number) : OptionalInt.empty()))
                .toList();
        records.reset(services);
        return services;
    }

    /** Nothing of an earlier part is served again. */
    private Path fresh(String name) throws IOException {
        return Files.createTempDirectory(directory, name);
    }

    @Override
    public void close() throws Exception {
        records.close();
        tasks.close();
        broker.close();
        if (UntilExit.closes(etcd)) {
            etcd.close();
        }
        work.close();
    }
}
