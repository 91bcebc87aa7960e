package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.namespace.Namespaces.Connected;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Choice;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.ShortHash;
import io.switchboard.contracts.config.CanaryApi;
import io.switchboard.contracts.config.CanaryApi.CanaryDetails;
import io.switchboard.contracts.config.CanaryApi.CanaryView;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Gives releases to some clients first. */
@Component
class Canaries {

    /** Clients of one canary that are remembered by name. */
    private static final int MOST_EXPECTED = 200;

    private final CanaryActs acts;
    private final Namespaces namespaces;
    private final Releases releases;
    private final CanaryNodes nodes;
    private final Audit audit;
    private final Clock clock;

    Canaries(CanaryActs acts, Namespaces namespaces, Releases releases, CanaryNodes nodes, Audit audit, Clock clock) {
        this.acts = acts;
        this.namespaces = namespaces;
        this.releases = releases;
        this.nodes = nodes;
        this.audit = audit;
        this.clock = clock;
    }

    List<CanaryView> list(NamespacePath stage) {
        return nodes.read(stage).entries().stream().map(CanaryLog.Entry::canary).toList();
    }

    CanaryDetails details(NamespacePath stage, String id) {
        CanaryLog.Entry entry = entry(nodes.stored(stage), id);
        return new CanaryDetails(
                entry.canary(),
                entry.runs()
                        ? CanaryVerdict.clients(
                                entry,
                                acts.connected(stage, entry.canary().releases().keySet()),
                                clock.instant())
                        : List.of());
    }

    static CanaryLog.Entry entry(Optional<Stored<CanaryLog>> log, String id) {
        return log.flatMap(stored -> stored.value().byId(id))
                .orElseThrow(() -> new Problem(RequestProblem.NOT_FOUND, "There is no canary '" + id + "'."));
    }

    /**
     * @param id chosen by the caller; the same wish under it stands already
     * @param confirmSeconds how long a client may take
     */
    CanaryView start(
            NamespacePath stage,
            String id,
            Releases.Publication wish,
            CanaryApi.Choice choice,
            int confirmSeconds,
            Caller caller) {
        Choice chosen = Choices.of(choice);
        String asked = hash(wish, choice, confirmSeconds, caller);
        Optional<Stored<CanaryLog>> before = nodes.stored(stage);
        Optional<CanaryLog.Entry> same = before.flatMap(log -> log.value().byId(id));
        if (same.isPresent()) {
            return standing(same.get(), asked);
        }
        List<String> names =
                wish.revisions().keySet().stream().map(NamespacePath::namespace).toList();
        SortedMap<String, List<String>> expected = expected(id, chosen, acts.connected(stage, names));
        boolean reviewed =
                namespaces.read(stage.sibling(names.getFirst())).rules().review();
        List<CanaryView> started = new ArrayList<>();
        releases.give(wish, caller, id, chosen, (zookeeper, made) -> {
            // After all that publishing asks for: what is wrong with the draft matters more.
            checkSomebody(expected);
            new RunningCanary(stage, id).checkRoom(zookeeper.getChildren().forPath(RunningCanary.PARENT));
            SortedMap<String, Long> numbers = new TreeMap<>();
            made.forEach(release -> numbers.put(release.path().namespace(), release.number()));
            CanaryView canary = CanaryView.begun(
                    id, choice, numbers, wish.message(), caller.person(), clock.instant(), confirmSeconds);
            started.add(canary);
            return nodes.begun(
                    zookeeper,
                    stage,
                    before,
                    new CanaryLog.Entry(canary, expected, Optional.empty(), Optional.of(asked), Optional.of(reviewed)));
        });
        audit.canaryStarted(stage, started.getLast());
        return started.getLast();
    }

    /** Of all that the call says, so that the log needs to keep no more. */
    private static String hash(Releases.Publication wish, CanaryApi.Choice choice, int confirmSeconds, Caller caller) {
        List<Object> said = Arrays.asList(
                wish.revisions(),
                wish.message(),
                wish.again(),
                wish.override(),
                wish.accept(),
                choice,
                confirmSeconds,
                caller.person());
        return ShortHash.of(said.toString());
    }

    private static CanaryView standing(CanaryLog.Entry before, String asked) {
        if (!before.wish().equals(Optional.of(asked))) {
            throw new Problem(
                    ConfigProblem.CANARY_EXISTS,
                    "Another canary is called '" + before.canary().id() + "'.");
        }
        return before.canary();
    }

    /** Names of the clients that would get it, as far as they are remembered. */
    private static SortedMap<String, List<String>> expected(
            String id, Choice choice, Map<String, List<Connected>> connected) {
        SortedMap<String, List<String>> expected = new TreeMap<>();
        int most = MOST_EXPECTED / Math.max(1, connected.size());
        connected.forEach((namespace, clients) -> expected.put(
                namespace,
                clients.stream()
                        .map(Connected::report)
                        .filter(client -> client.trials()
                                .filter(known -> choice.includes(id, client.client(), known.labels()))
                                .isPresent())
                        .map(ClientReport::client)
                        .distinct()
                        .limit(most)
                        .toList()));
        return expected;
    }

    private static void checkSomebody(SortedMap<String, List<String>> expected) {
        if (expected.values().stream().allMatch(List::isEmpty)) {
            throw new Problem(
                    ConfigProblem.NOBODY_CHOSEN, "No client that is connected and takes canaries would get it.");
        }
    }

    /**
     * Gives it to others instead. What holds by now counts as with a promotion, which this may be in all but name; taking it away
     * from some clients has to wait for nothing.
     *
     * @param override why a freeze is not heeded; null to heed it
     */
    CanaryView choose(
            NamespacePath stage, String id, CanaryApi.Choice choice, @Nullable String override, Caller caller) {
        Choice chosen = Choices.of(choice);
        Optional<Stored<CanaryLog>> before = nodes.stored(stage);
        CanaryLog.Entry entry = entry(before, id);
        CanaryView canary = entry.canary();
        checkRuns(entry);
        if (canary.choice().equals(choice)) {
            return canary;
        }
        SortedMap<NamespacePath, NamespaceState> states = acts.states(stage, canary, caller);
        SortedMap<NamespacePath, Releases.Overridden> overridden = new TreeMap<>();
        boolean narrows = Choices.narrows(Choices.of(canary.choice()), chosen);
        if (!narrows) {
            states.forEach((path, state) -> {
                PublishRules.checkReviewed(path, state, entry);
                PublishRules.checkFreeze(path, state, clock.instant(), override, Optional.empty())
                        .ifPresent(freeze -> overridden.put(path, freeze));
            });
        }
        SortedMap<String, List<String>> expected =
                expected(id, chosen, acts.connected(stage, canary.releases().keySet()));
        checkSomebody(expected);
        CanaryView changed = canary.givenTo(choice, clock.instant());
        acts.commit(stage, transaction -> {
            for (Map.Entry<NamespacePath, NamespaceState> one : states.entrySet()) {
                if (!narrows) {
                    transaction.checkRules(one.getKey(), one.getValue());
                }
                transaction.add(zookeeper -> given(zookeeper, one.getKey(), one.getValue(), id, chosen));
            }
            transaction.add(
                    zookeeper -> List.of(nodes.logged(zookeeper, stage, before, entry.with(changed, expected))));
        });
        audit.canaryChosen(stage, changed, Callers.actor(caller), overridden);
        return changed;
    }

    private static List<CuratorOp> given(
            CuratorFramework zookeeper, NamespacePath path, NamespaceState state, String id, Choice chosen)
            throws Exception {
        return List.of(
                // Written as it is, so that its watchers look.
                zookeeper
                        .transactionOp()
                        .setData()
                        .withVersion(state.pointerVersion())
                        .forPath(
                                path.current(),
                                state.release().map(Current::encode).orElseGet(Pointer.NOTHING::encode)),
                zookeeper
                        .transactionOp()
                        .setData()
                        .forPath(
                                path.canary(),
                                running(path, state, id).with(chosen).encode()));
    }

    static Canary running(NamespacePath path, NamespaceState state, String id) {
        return state.canary()
                .filter(canary -> canary.id().equals(id))
                .orElseThrow(() -> new Problem(
                        ConfigProblem.STALE_REVISION, "The canary of '" + path.namespace() + "' is another by now."));
    }

    /** @throws Problem {@link ConfigProblem#CANARY_OVER} */
    static void checkRuns(CanaryLog.Entry entry) {
        if (!entry.runs()) {
            throw over(entry.canary());
        }
    }

    static Problem over(CanaryView canary) {
        return new Problem(
                ConfigProblem.CANARY_OVER,
                "The canary '" + canary.id() + "' is over (" + canary.state() + ").",
                Map.of("state", canary.state().name()));
    }
}
