package io.switchboard.access.balancer.haproxy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.access.balancer.Balancer;
import io.switchboard.access.balancer.BalancerUnavailable;
import io.switchboard.access.balancer.Counted;
import io.switchboard.access.balancer.Drifts;
import io.switchboard.access.balancer.HostAddresses;
import io.switchboard.access.balancer.haproxy.Planner.Assignment;
import io.switchboard.access.endpoint.Drift.Difference;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Network;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.access.AccessApi;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one HAProxy in line through its runtime API. A change is sent, then read back before it counts; the files
 * follow, so that HAProxy comes up with the same routes whoever starts it. It is reloaded only when its
 * listeners or its number of backends must change.
 */
public final class HaproxyBalancer implements Balancer {

    private static final Logger log = LoggerFactory.getLogger(HaproxyBalancer.class);
    private static final Pattern POOL = Pattern.compile("switchboard \\w+ h(\\d+) t(\\d+) w(\\d+)");
    private static final String WAITS =
            "; a reload waits until an old worker has ended, as access.haproxy.most-old-workers says";
    private static final List<String> GOOD_NEWS =
            List.of("New server registered", "IP changed", "port changed", "no need");

    private final HaproxyProperties properties;
    private final HaproxyProgram program;
    private final Addressing addressing;
    private final PortRange tcpPorts;
    private final Clock clock;
    private final Reloads reloads;
    private final OldWorkers oldWorkers;
    private final Silence silence;
    private final Drifts drifts;
    private final RuntimeApi api;
    private final Inspector inspector;
    private final Optional<Certificates> certificates;

    private final RestingBackends resting;
    /** For who measures. */
    private volatile Set<String> restingNow = Set.of();

    private ConfigFile config;
    private final Claims claims = new Claims();
    private final Set<UUID> unsettled = new HashSet<>();
    private final HostAddresses addresses;
    private final StartFiles files = new StartFiles();

    private volatile @Nullable Running inForce;
    private volatile String pid = "";
    private volatile String version = "";
    private volatile String held = "";
    private volatile boolean asPlanned;
    /** Routes want one, but there are too many old workers. */
    private volatile boolean reloadWaits;

    private volatile Runnable ended = () -> {};

    public HaproxyBalancer(
            HaproxyProperties properties,
            HaproxyProgram program,
            Addressing addressing,
            PortRange tcpPorts,
            Clock clock,
            MeterRegistry meters) {
        this.properties = properties;
        this.program = program;
        this.addressing = addressing;
        this.tcpPorts = tcpPorts;
        this.clock = clock;
        this.drifts = new Drifts("HAProxy", "access.drift.repairs", clock, meters);
        for (Pool.Kind kind : Pool.Kind.values()) {
            Gauge.builder("access.backends", () -> inUse(kind))
                    .description(
                            "backends that routes lead to, or that rest, by kind; access.haproxy.most-backends is the end")
                    .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
        this.resting = new RestingBackends(properties.quarantine(), clock);
        this.api = new RuntimeApi(properties.timeout());
        this.addresses = new HostAddresses(clock, HostAddresses.Resolver::ofMachine, () -> ended.run());
        var directory = properties.directory().toAbsolutePath().normalize();
        if (!directory.toString().matches("[A-Za-z0-9/._-]+")) {
            throw new IllegalArgumentException(
                    "access.haproxy.directory must be letters, digits and any of /._- but was " + directory);
        }
        this.config = new ConfigFile(
                directory,
                SocketDirectory.of(directory),
                properties.httpBind(),
                properties.tlsBind(),
                properties.tcpBind(),
                tcpPorts,
                List.of(tcpPorts),
                new Pool(properties.httpBackends(), properties.tcpBackends(), properties.weightedBackends()),
                properties.checks(),
                properties.proxiesFrom().stream().map(Network::new).toList());
        this.inspector = new Inspector(api, config.directory(), config.adminSocket());
        this.reloads = new Reloads(api, program, meters);
        this.oldWorkers = new OldWorkers(api, config.masterSocket(), properties.mostOldWorkers(), meters);
        this.silence = new Silence(properties.silence());
        this.certificates = Optional.ofNullable(properties.certificates())
                .filter(source -> !properties.tlsBind().isEmpty())
                .map(source -> new Certificates(
                        source, config.certificates(), program, properties.certificateWarning(), clock));
        certificates.ifPresent(presenting -> presenting.measure(meters));
    }

    /** What HAProxy is to start from. */
    ConfigFile config() {
        return config;
    }

    @Override
    public AccessApi.Mode mode() {
        return AccessApi.Mode.HAPROXY;
    }

    @Override
    public Map<UUID, Outcome> carry(Collection<Upstream> upstreams) {
        var model = inForce;
        return model == null ? audit(upstreams) : bring(model.layout(), upstreams, false);
    }

    @Override
    public Map<UUID, Outcome> audit(Collection<Upstream> upstreams) {
        var model = inForce;
        inForce = null;
        reloadWaits = false;
        claims.wish(upstreams, Set.of());
        List<Difference> differences = new ArrayList<>();
        certificates.ifPresent(Certificates::collect);
        boolean asItWas = makeSureItRuns(upstreams, differences);
        certificates.ifPresent(each -> each.present(api, config.adminSocket()));
        var seen = observe();
        var closed = inspector.closedFrontends();
        differences.addAll(closed);
        if (model != null && asItWas) {
            differences.addAll(Differences.between(model.layout(), seen));
        }
        drifts.noticed(differences);
        open(closed);
        if (closed.stream().anyMatch(Inspector::isShutDown)) {
            log.warn("a frontend was shut down, which only a reload undoes");
            reload(seen);
            seen = observe();
        }
        var outcomes = bring(seen, upstreams, true);
        if (asPlanned && (closed.isEmpty() || inspector.closedFrontends().isEmpty())) {
            drifts.right(clock.instant());
        }
        return outcomes;
    }

    private void open(List<Difference> frontends) {
        var commands =
                frontends.stream().map(closed -> "enable " + closed.what()).toList();
        if (!commands.isEmpty()) {
            complaints(commands, api.run(config.adminSocket(), commands));
        }
    }

    @Override
    public boolean auditDue(Collection<Upstream> upstreams) {
        var before = inForce;
        if (before == null || !asPlanned) {
            return true;
        }
        var began = clock.instant();
        upstreams.forEach(upstream -> upstream.endpoints().forEach(endpoint -> addresses.refresh(endpoint.host())));
        boolean others = certificates.stream().anyMatch(each -> each.renew(api, config.adminSocket()))
                || publicPorts(upstreams).stream()
                        .anyMatch(port -> !before.config().listensOn(port) && free(port));
        if (others || oldWorkers.leaveRoom() && reloadWaits) {
            return true;
        }
        var seen = inspector.observe();
        held = held(seen);
        var after = inForce;
        boolean right = after != null
                && seen.pid().equals(pid)
                && seen.description().equals(after.config().fingerprint())
                && inspector.closedFrontends().isEmpty()
                && Differences.inBoth(before.layout(), after.layout(), seen.layout())
                        .isEmpty();
        if (right) {
            drifts.right(began);
        }
        return !right;
    }

    @Override
    public void save() {
        var now = inForce;
        if (now != null) {
            files.save(now);
        }
    }

    @Override
    public Condition condition() {
        return new Condition(
                version,
                drifts.count(),
                drifts.latest(),
                certificates.map(Certificates::presented),
                oldWorkers.count());
    }

    @Override
    public List<Counted> counted() {
        var running = inForce;
        if (running == null) {
            throw new BalancerUnavailable("HAProxy is being looked after", null);
        }
        var answers = api.run(running.config().adminSocket(), List.of("show info", "show stat -1 2 -1"));
        var worker = RuntimeApi.info(answers.getFirst()).getOrDefault("Pid", "");
        return Statistics.counted(worker, RuntimeApi.stat(answers.getLast()), running.layout());
    }

    private long inUse(Pool.Kind kind) {
        var running = inForce;
        return running == null
                ? 0
                : Stream.concat(running.layout().led().stream(), restingNow.stream())
                        .distinct()
                        .filter(backend -> running.config().pool().contains(kind, backend))
                        .count();
    }

    @Override
    public void onEnd(Runnable listener) {
        ended = listener;
    }

    @Override
    public void close() {
        ended = () -> {};
        if (properties.stopOnClose() && properties.mode() == HaproxyProperties.Mode.MANAGED) {
            program.stop(config);
        }
        api.close();
    }

    @Override
    public boolean goesOn() {
        // Who runs an HAProxy of their own may have put its process anywhere.
        return properties.mode() == HaproxyProperties.Mode.EXTERNAL
                || program.running(config).isPresent();
    }

    /**
     * @param everything whether each upstream is placed anew, and not only what changed
     * @return what became of those that were placed anew
     */
    private Map<UUID, Outcome> bring(Layout model, Collection<Upstream> upstreams, boolean everything) {
        try {
            return brought(model, upstreams, everything);
        } catch (RuntimeException e) {
            // It may have done some of what it was told.
            inForce = null;
            throw e;
        }
    }

    private Map<UUID, Outcome> brought(Layout model, Collection<Upstream> upstreams, boolean everything) {
        var touched = claims.wish(upstreams, unsettled);
        var now = grown(model);
        var placed = everything ? upstreams : touched.upstreams();
        var touchedPart = everything ? now : now.at(touched.places());
        var plan = planner(everything ? Layout.EMPTY : now).plan(touchedPart, placed, addresses::of);
        var part = touchedPart.withServers(now, plan.layout().mentioned());
        var commands = new Commands(config.directory(), properties.checks()).between(part, plan.layout());
        var complaints = "";
        if (!commands.isEmpty()) {
            complaints = complaints(commands, api.run(config.adminSocket(), commands));
            var after = inspector.readBack(part, plan.layout());
            resting.rest(part, after);
            now = now.with(part, after);
            part = after;
        }
        resting.hold(plan);
        asPlanned = part.equals(plan.layout());
        restingNow = resting.names();
        inForce = new Running(config, now);
        var outcomes = outcomes(placed, plan, part, complaints);
        unsettled.clear();
        outcomes.forEach((id, outcome) -> {
            if (outcome instanceof Outcome.Refused) {
                unsettled.add(id);
            }
        });
        return outcomes;
    }

    /** What HAProxy does once it has room for what is wished. */
    private Layout grown(Layout model) {
        resting.giveBack(this::idle);
        var pool = enough();
        if (pool.equals(config.pool()) || !mayReload()) {
            return model;
        }
        config = config.with(pool);
        reload(model);
        return observe();
    }

    private List<Boolean> idle(List<String> backends) {
        var questions = backends.stream()
                .map(backend -> "show stat " + backend + " 2 -1")
                .toList();
        return api.run(config.adminSocket(), questions).stream()
                .map(answer -> RuntimeApi.stat(answer).stream().allMatch(row -> "0".equals(row.get("scur"))))
                .toList();
    }

    private Pool enough() {
        return config.pool()
                .enoughFor(
                        claims.hosts(), claims.ports(), claims.weighted(), resting.names(), properties.mostBackends());
    }

    /** @param others what else HAProxy does, besides what is planned */
    private Planner planner(Layout others) {
        return new Planner(config.pool(), resting.left(), others);
    }

    private Map<UUID, Outcome> outcomes(
            Collection<Upstream> upstreams, Assignment plan, Layout now, String complaints) {
        boolean sameMaps = now.hosts().equals(plan.layout().hosts())
                && now.ports().equals(plan.layout().ports());
        Map<UUID, Outcome> outcomes = new HashMap<>();
        for (Upstream upstream : upstreams) {
            var refused = publicPorts(upstream)
                    .filter(port -> !config.listensOn(port))
                    .findFirst()
                    .map(port -> "port " + port + " is taken by another program on this machine")
                    .orElse(plan.refused().get(upstream.instanceId()));
            refused = refused != null && reloadWaits ? refused + WAITS : refused;
            boolean same = plan.backends().getOrDefault(upstream.instanceId(), Set.of()).stream()
                    .allMatch(backend -> now.servers(backend)
                                    .equals(plan.layout().servers(backend))
                            && now.treatment(backend).equals(plan.layout().treatment(backend)));
            outcomes.put(
                    upstream.instanceId(),
                    refused != null
                            ? new Outcome.Refused(refused)
                            : same && sameMaps
                                    ? new Outcome.InForce(
                                            upstream.removed() ? List.of() : addressing.addresses(upstream))
                                    : new Outcome.Refused("HAProxy didn't do what it was told: " + complaints));
        }
        return outcomes;
    }

    private static String complaints(List<String> commands, List<String> answers) {
        List<String> complaints = new ArrayList<>();
        for (int at = 0; at < commands.size(); at++) {
            var answer = answers.get(at);
            if (!answer.isEmpty() && GOOD_NEWS.stream().noneMatch(answer::startsWith)) {
                complaints.add("'" + commands.get(at) + "' was answered with '" + answer + "'");
            }
        }
        if (!complaints.isEmpty()) {
            log.warn("HAProxy refused: {}", complaints);
        }
        return String.join("; ", complaints);
    }

    private Layout observe() {
        var seen = inspector.observe();
        pid = seen.pid();
        version = seen.version();
        held = held(seen);
        return seen.layout();
    }

    private String held(Inspector.Seen seen) {
        return seen.connections() + " connections that it held at " + clock.instant();
    }

    /**
     * @param differences gets what it does otherwise because somebody gave it other settings
     * @return whether it ran already and was left as it is
     */
    private boolean makeSureItRuns(Collection<Upstream> upstreams, List<Difference> differences) {
        String description;
        try {
            description = inspector.description();
            silence.end();
        } catch (BalancerUnavailable e) {
            if (properties.mode() == HaproxyProperties.Mode.EXTERNAL) {
                throw RuntimeApi.accepts(config.adminSocket()) ? e : notStarted(upstreams, e);
            }
            var running = program.running(config);
            running.ifPresent(process -> endIfStuck(process, e));
            start(upstreams);
            if (running.isEmpty() && !pid.isEmpty()) {
                log.warn("HAProxy (pid {}) had ended, and with it all connections; it was started again", pid);
            }
            return false;
        }
        var before = config;
        if (pid.isEmpty()) {
            before = config = asLeftBehind(description);
            watchForItsEnd();
        }
        var wanted = publicPorts(upstreams);
        var wider = config.with(
                tcpPorts.without(port -> !config.listensOn(port) && !(wanted.contains(port) && free(port))));
        boolean others = !description.equals(config.fingerprint());
        if (others || !wider.equals(before) && mayReload()) {
            log.info("HAProxy runs with other settings than ours; it is reloaded");
            if (!pid.isEmpty() && others) {
                differences.add(new Difference("settings", config.fingerprint(), description));
            }
            config = wider;
            reload(observe());
            return false;
        } else if (pid.isEmpty()) {
            log.info("HAProxy runs already and is taken over as it is");
        }
        return true;
    }

    /** Our settings, with the pool that an earlier agent gave it and the ports that it got. */
    private ConfigFile asLeftBehind(String description) {
        var pool = POOL.matcher(description);
        var left = pool.matches()
                ? config.with(new Pool(
                        Math.max(config.pool().http(), Integer.parseInt(pool.group(1))),
                        Math.max(config.pool().tcp(), Integer.parseInt(pool.group(2))),
                        Math.max(config.pool().weighted(), Integer.parseInt(pool.group(3)))))
                : config;
        try {
            return left.with(ConfigFile.listening(Files.readString(config.file())));
        } catch (IOException e) {
            return left;
        }
    }

    /** It carries traffic, as far as anybody knows: who ends it cuts that. */
    private void endIfStuck(ProcessHandle process, BalancerUnavailable noAnswer) {
        long now = System.nanoTime();
        if (!silence.goesOn(now)) {
            throw new BalancerUnavailable(
                    "HAProxy (pid %d) runs but left %d questions unanswered; what it carries goes on: %s"
                            .formatted(process.pid(), silence.unanswered(), noAnswer.getMessage()),
                    noAnswer);
        }
        log.error(
                "HAProxy (pid {}) runs but left {} questions unanswered for {}, longer than access.haproxy.silence; it is"
                        + " replaced, which cuts {}, and {} that old workers held",
                process.pid(),
                silence.unanswered(),
                silence.lasting(now),
                held.isEmpty() ? "an unknown number of connections" : held,
                oldWorkers.connections());
        program.stop(config);
        silence.end();
    }

    /** Whoever starts it finds the files to do that with. The ports are theirs, too: they may be starting it just now. */
    private BalancerUnavailable notStarted(Collection<Upstream> upstreams, BalancerUnavailable noAnswer) {
        writeAnew(upstreams, List.of(tcpPorts));
        return new BalancerUnavailable(
                "HAProxy isn't there; whoever runs it starts it with -W -S %s,mode,600 -f %s: %s"
                        .formatted(config.masterSocket(), config.file(), noAnswer.getMessage()),
                noAnswer);
    }

    private Layout writeAnew(Collection<Upstream> upstreams, List<PortRange> listening) {
        config = config.with(enough()).with(listening);
        var layout = planner(Layout.EMPTY)
                .plan(Layout.EMPTY, upstreams, addresses::of)
                .layout();
        files.forget();
        files.prepare(new Running(config, layout));
        return layout;
    }

    private void start(Collection<Upstream> upstreams) {
        var layout = writeAnew(upstreams, tcpPorts.without(port -> !free(port)));
        program.start(config);
        reloads.awaitStart(config);
        watchForItsEnd();
        log.info(
                "HAProxy started with {} host names and {} ports; HTTP on {}, TCP on {}:{}",
                layout.hosts().size(),
                layout.ports().size(),
                properties.httpBind(),
                properties.tcpBind(),
                config.listening());
    }

    private void watchForItsEnd() {
        program.running(config).ifPresent(process -> process.onExit().thenRun(() -> ended.run()));
    }

    /** One port that another program has would keep HAProxy from starting, and from reloading. */
    private boolean free(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(properties.tcpBind().replace("*", "0.0.0.0"), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Set<Integer> publicPorts(Collection<Upstream> upstreams) {
        return upstreams.stream().flatMap(HaproxyBalancer::publicPorts).collect(Collectors.toSet());
    }

    private static Stream<Integer> publicPorts(Upstream upstream) {
        return upstream.removed()
                ? Stream.of()
                : upstream.streams().stream()
                        .filter(Route.Port.class::isInstance)
                        .map(route -> ((Route.Port) route).number());
    }

    /** Routes that can wait do so rather than that a call is cut. */
    private boolean mayReload() {
        boolean may = oldWorkers.leaveRoom();
        reloadWaits = !may;
        return may;
    }

    /** @param layout what HAProxy does, which it is to do afterwards, too */
    private void reload(Layout layout) {
        files.prepare(new Running(config, layout));
        reloads.reload(config);
        oldWorkers.leaveRoom();
    }
}
