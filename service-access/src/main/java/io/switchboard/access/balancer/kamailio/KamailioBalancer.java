package io.switchboard.access.balancer.kamailio;

import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.access.balancer.Balancer;
import io.switchboard.access.balancer.BalancerUnavailable;
import io.switchboard.access.balancer.Counted;
import io.switchboard.access.balancer.Drifts;
import io.switchboard.access.balancer.HostAddresses;
import io.switchboard.access.file.DurableFile;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.access.AccessApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the dispatcher of one Kamailio in line over its RPC interface. Files come first, so that Kamailio starts with the same
 * state whoever starts it; a change is read back before it counts. It doesn't run before the first instance with SIP over UDP.
 */
public final class KamailioBalancer implements Balancer {

    private static final Logger log = LoggerFactory.getLogger(KamailioBalancer.class);
    private static final Duration START_PATIENCE = Duration.ofSeconds(10);

    private final KamailioProperties properties;
    private final KamailioProgram program;
    private final Settings settings;
    private final Addressing addressing;
    private final Dispatcher dispatcher;
    private final HostAddresses addresses;
    private final Drifts drifts;
    private final Clock clock;

    /** What Kamailio does; null when that has to be looked at. */
    private volatile @Nullable Dispatch inForce;

    private @Nullable Dispatch written;
    private volatile String version = "";
    private volatile boolean runs;
    private boolean asPlanned;
    private volatile Runnable ended = () -> {};

    public KamailioBalancer(
            KamailioProperties properties,
            KamailioProgram program,
            Addressing addressing,
            Clock clock,
            MeterRegistry meters) {
        this.properties = properties;
        this.clock = clock;
        this.program = program;
        this.addressing = addressing;
        this.settings =
                new Settings(properties, properties.directory().toAbsolutePath().normalize());
        this.dispatcher = new Dispatcher(settings.directory(), properties.timeout());
        this.addresses = new HostAddresses(clock, HostAddresses.Resolver::ofMachine, () -> ended.run());
        this.drifts = new Drifts("Kamailio", "access.sip.drift.repairs", clock, meters);
    }

    /** Callers don't reach the tasks themselves. */
    @Override
    public AccessApi.Mode mode() {
        return AccessApi.Mode.HAPROXY;
    }

    @Override
    public Map<UUID, Outcome> carry(Collection<Upstream> upstreams) {
        var model = inForce;
        return model == null ? audit(upstreams) : bring(model, upstreams);
    }

    @Override
    public Map<UUID, Outcome> audit(Collection<Upstream> upstreams) {
        var model = inForce;
        inForce = null;
        var plan = Plan.of(model == null ? Dispatch.EMPTY : model, upstreams, this::address);
        if (!runs
                && plan.dispatch().domains().isEmpty()
                && program.running(settings).isEmpty()) {
            inForce = Dispatch.EMPTY;
            return outcomes(upstreams, plan, Dispatch.EMPTY);
        }
        boolean asItWas = makeSureItRuns(upstreams);
        var seen = dispatcher.observe();
        if (model != null && asItWas) {
            drifts.noticed(model.differences(seen));
        }
        var outcomes = bring(seen, upstreams);
        if (asPlanned) {
            drifts.right(clock.instant());
        }
        return outcomes;
    }

    /** Nothing is left to be put down: files are written before Kamailio is told. */
    @Override
    public void save() {}

    @Override
    public Condition condition() {
        return new Condition(version, drifts.count(), drifts.latest(), Optional.empty(), 0);
    }

    /** Kamailio counts calls that begin, tasks that say nothing and what it refuses, and neither bytes nor calls that go on. */
    @Override
    public List<Counted> counted() {
        if (!runs) {
            return List.of();
        }
        var process = program.running(settings).map(ProcessHandle::pid).orElse(0L);
        var counters = dispatcher.table("traffic");
        var domains = counters.keySet().stream()
                .map(key -> key.substring(key.indexOf("::") + 2))
                .collect(Collectors.toSet());
        return domains.stream()
                .map(domain -> new Counted(
                        "kamailio " + process + "/" + domain,
                        Set.of("sip:" + domain),
                        Map.of(
                                Counted.Counter.SESSIONS,
                                (long) counters.getOrDefault("begun::" + domain, 0),
                                Counted.Counter.ANSWERS_4XX,
                                (long) counters.getOrDefault("refused::" + domain, 0),
                                Counted.Counter.FAILED_CONNECTIONS,
                                (long) counters.getOrDefault("failed::" + domain, 0)),
                        0,
                        0))
                .toList();
    }

    @Override
    public void onEnd(Runnable listener) {
        ended = listener;
    }

    @Override
    public void close() {
        ended = () -> {};
        if (properties.stopOnClose()) {
            program.stop(settings);
        }
        dispatcher.close();
    }

    @Override
    public boolean goesOn() {
        return program.running(settings).isPresent();
    }

    private Map<UUID, Outcome> bring(Dispatch now, Collection<Upstream> upstreams) {
        var plan = Plan.of(now, upstreams, this::address);
        if (!runs && !plan.dispatch().domains().isEmpty()) {
            return audit(upstreams);
        }
        if (plan.dispatch().equals(now)) {
            asPlanned = true;
            inForce = now;
            return outcomes(upstreams, plan, now);
        }
        inForce = null;
        write(plan.dispatch());
        try {
            dispatcher.tell(now, plan.dispatch());
        } catch (Rpc.Refused e) {
            // What is read back says what became of it.
            log.warn("Kamailio refused: {}", e.getMessage());
        }
        var after = dispatcher.observe();
        asPlanned = after.equals(plan.dispatch());
        inForce = after;
        return outcomes(upstreams, plan, after);
    }

    private Map<UUID, Outcome> outcomes(Collection<Upstream> upstreams, Plan plan, Dispatch now) {
        var wanted = plan.dispatch();
        Map<UUID, Outcome> outcomes = new HashMap<>();
        for (Upstream upstream : upstreams) {
            if (!upstream.sip().isEmpty()) {
                var refused = plan.refused().get(upstream.instanceId());
                boolean same = upstream.sip().stream().allMatch(route -> wanted.same(route.domain(), now));
                outcomes.put(
                        upstream.instanceId(),
                        refused != null
                                ? new Outcome.Refused(refused)
                                : same
                                        ? new Outcome.InForce(
                                                upstream.removed() ? List.of() : addressing.addresses(upstream))
                                        : new Outcome.Refused("Kamailio didn't do what it was told"));
            }
        }
        return outcomes;
    }

    /** Kamailio passes over what its socket can't reach. */
    private String address(String host) {
        var address = addresses.of(host);
        if (address.contains(":") != properties.bind().startsWith("[")) {
            throw new IllegalArgumentException("the host '" + host + "' of a task and access.kamailio.bind must both be"
                    + " reached over IPv4, or both over IPv6");
        }
        return address;
    }

    /** @return whether it ran already and was left as it is */
    private boolean makeSureItRuns(Collection<Upstream> upstreams) {
        var process = program.running(settings);
        if (process.isPresent() && answers() && ourSettings()) {
            if (!runs) {
                log.info("Kamailio runs already and is taken over as it is");
                watch();
            }
            return true;
        }
        process.ifPresent(each -> {
            log.warn(
                    "Kamailio (pid {}) doesn't answer or has other settings than ours; it is started again",
                    each.pid());
            program.stop(settings);
        });
        start(upstreams);
        return false;
    }

    private boolean answers() {
        try {
            version = dispatcher.version();
            return true;
        } catch (BalancerUnavailable e) {
            return false;
        }
    }

    private boolean ourSettings() {
        try {
            return Files.readString(settings.file()).equals(settings.render());
        } catch (IOException e) {
            return false;
        }
    }

    private void start(Collection<Upstream> upstreams) {
        runs = false;
        dispatcher.close();
        try {
            Files.createDirectories(settings.directory());
            Files.setPosixFilePermissions(settings.directory(), PosixFilePermissions.fromString("rwx------"));
            // Left behind by one that was killed, and no sign that the next listens.
            Files.deleteIfExists(settings.directory().resolve("rpc.fifo"));
            DurableFile.replace(settings.file(), settings.render());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        written = null;
        var dispatch = Plan.of(Dispatch.EMPTY, upstreams, this::address).dispatch();
        write(dispatch);
        program.check(settings.file());
        program.start(settings);
        untilItAnswers();
        watch();
        log.info(
                "Kamailio started with {} domains; SIP over UDP on {}",
                dispatch.domains().size(),
                properties.bind());
    }

    private void watch() {
        runs = true;
        program.running(settings)
                .ifPresent(process -> process.onExit().thenRun(() -> {
                    inForce = null;
                    ended.run();
                }));
    }

    private void untilItAnswers() {
        long end = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            try {
                version = dispatcher.version();
                return;
            } catch (BalancerUnavailable e) {
                if (System.nanoTime() > end) {
                    throw new BalancerUnavailable("Kamailio was started but doesn't answer: " + e.getMessage(), e);
                }
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BalancerUnavailable("interrupted while Kamailio was starting", e);
            }
        }
    }

    private void write(Dispatch dispatch) {
        if (dispatch.equals(written)) {
            return;
        }
        try {
            DurableFile.replace(settings.list(), dispatch.list());
            DurableFile.replace(settings.start(), dispatch.start());
            written = dispatch;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
