package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Choice;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.config.CanaryApi;
import io.switchboard.contracts.config.CanaryApi.CanaryDetails;
import io.switchboard.contracts.config.CanaryApi.CanaryState;
import io.switchboard.contracts.config.CanaryApi.CanaryView;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Gives releases to some clients first, and ends that one way or the other; each act is one transaction. */
@Component
class Canaries {

    /** Clients of one canary that are remembered by name. */
    private static final int MOST_EXPECTED = 200;

    private final Ensemble ensemble;
    private final Namespaces namespaces;
    private final Releases releases;
    private final CanaryNodes nodes;
    private final Audit audit;
    private final Clock clock;

    Canaries(Ensemble ensemble, Namespaces namespaces, Releases releases, CanaryNodes nodes, Audit audit, Clock clock) {
        this.ensemble = ensemble;
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
                        ? CanaryVerdict.clients(entry.canary(), reports(stage, entry.canary()), clock.instant())
                        : List.of());
    }

    private static CanaryLog.Entry entry(Optional<Stored<CanaryLog>> log, String id) {
        return log.flatMap(stored -> stored.value().byId(id))
                .orElseThrow(() -> new Problem(RequestProblem.NOT_FOUND, "There is no canary '" + id + "'."));
    }

    private SortedMap<String, List<ClientReport>> reports(NamespacePath stage, CanaryView canary) {
        return reports(stage, canary.releases().keySet());
    }

    private SortedMap<String, List<ClientReport>> reports(NamespacePath stage, Iterable<String> names) {
        SortedMap<String, List<ClientReport>> reports = new TreeMap<>();
        names.forEach(name -> reports.put(name, namespaces.clients(stage.sibling(name))));
        return reports;
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
        Optional<Stored<CanaryLog>> before = nodes.stored(stage);
        Optional<CanaryLog.Entry> same = before.flatMap(log -> log.value().byId(id));
        if (same.isPresent()) {
            return standing(same.get().canary(), wish, choice, caller);
        }
        List<String> names =
                wish.revisions().keySet().stream().map(NamespacePath::namespace).toList();
        SortedMap<String, List<String>> expected = expected(id, chosen, reports(stage, names));
        Instant now = clock.instant();
        List<CanaryView> started = new ArrayList<>();
        releases.give(wish, caller, id, chosen, (zookeeper, made) -> {
            // After all that publishing asks for: what is wrong with the draft matters more.
            checkSomebody(expected);
            checkRoom(zookeeper);
            SortedMap<String, Long> numbers = new TreeMap<>();
            made.forEach(release -> numbers.put(release.path().namespace(), release.number()));
            var canary = new CanaryView(
                    id,
                    choice,
                    numbers,
                    wish.message(),
                    caller.subject(),
                    now,
                    now,
                    confirmSeconds,
                    CanaryState.RUNNING,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            started.add(canary);
            return nodes.begun(zookeeper, stage, before, new CanaryLog.Entry(canary, expected));
        });
        audit.canaryStarted(stage, started.getLast());
        return started.getLast();
    }

    private static CanaryView standing(
            CanaryView before, Releases.Publication wish, CanaryApi.Choice choice, Caller caller) {
        boolean asked = before.choice().equals(choice)
                && before.message().equals(wish.message())
                && before.by().equals(caller.subject())
                && before.releases().keySet().stream()
                        .toList()
                        .equals(wish.revisions().keySet().stream()
                                .map(NamespacePath::namespace)
                                .toList());
        if (!asked) {
            throw new Problem(ConfigProblem.CANARY_EXISTS, "Another canary is called '" + before.id() + "'.");
        }
        return before;
    }

    /** Names of the clients that would get it, as far as they are remembered. */
    private static SortedMap<String, List<String>> expected(
            String id, Choice choice, Map<String, List<ClientReport>> reports) {
        SortedMap<String, List<String>> expected = new TreeMap<>();
        int most = MOST_EXPECTED / Math.max(1, reports.size());
        reports.forEach((namespace, clients) -> expected.put(
                namespace,
                clients.stream()
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

    private static void checkRoom(CuratorFramework zookeeper) throws Exception {
        if (zookeeper.getChildren().forPath(RunningCanary.PARENT).size() >= RunningCanary.MOST) {
            throw new Problem(ConfigProblem.TOO_MANY_NAMES, RunningCanary.MOST + " canaries run, the most.");
        }
    }

    /** Gives it to others instead. */
    CanaryView choose(NamespacePath stage, String id, CanaryApi.Choice choice, Caller caller) {
        Choice chosen = Choices.of(choice);
        Optional<Stored<CanaryLog>> before = nodes.stored(stage);
        CanaryLog.Entry entry = entry(before, id);
        CanaryView canary = entry.canary();
        if (!entry.runs()) {
            throw over(canary);
        }
        if (canary.choice().equals(choice)) {
            return canary;
        }
        SortedMap<String, List<String>> expected = expected(id, chosen, reports(stage, canary));
        checkSomebody(expected);
        var changed = new CanaryView(
                id,
                choice,
                canary.releases(),
                canary.message(),
                canary.by(),
                canary.at(),
                clock.instant(),
                canary.confirmSeconds(),
                CanaryState.RUNNING,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        act(stage, canary, caller, (zookeeper, states) -> {
            List<CuratorOp> steps = new ArrayList<>();
            for (Map.Entry<NamespacePath, NamespaceState> one : states.entrySet()) {
                // Written as it is, so that its watchers look.
                steps.add(zookeeper
                        .transactionOp()
                        .setData()
                        .withVersion(one.getValue().pointerVersion())
                        .forPath(
                                one.getKey().current(),
                                one.getValue().release().map(Current::encode).orElseGet(Pointer.NOTHING::encode)));
                steps.add(zookeeper
                        .transactionOp()
                        .setData()
                        .forPath(
                                one.getKey().canary(),
                                running(one.getKey(), one.getValue(), id)
                                        .with(chosen)
                                        .encode()));
            }
            steps.add(nodes.logged(zookeeper, stage, before, new CanaryLog.Entry(changed, expected)));
            return steps;
        });
        audit.canaryChosen(stage, changed, caller.subject());
        return changed;
    }

    /** @param override why a freeze is not heeded; null to heed it */
    CanaryView promote(NamespacePath stage, String id, @Nullable String override, Caller caller) {
        Optional<Stored<CanaryLog>> before = nodes.stored(stage);
        CanaryLog.Entry entry = entry(before, id);
        if (entry.canary().state() == CanaryState.PROMOTED) {
            return entry.canary();
        }
        if (!entry.runs()) {
            throw over(entry.canary());
        }
        CanaryLog.Entry promoted =
                nodes.ended(entry, CanaryState.PROMOTED, Optional.of(caller.subject()), Optional.empty());
        List<Releases.Made> made = new ArrayList<>();
        act(stage, entry.canary(), caller, (zookeeper, states) -> {
            made.clear();
            List<CuratorOp> steps = new ArrayList<>();
            for (Map.Entry<NamespacePath, NamespaceState> one : states.entrySet()) {
                NamespacePath path = one.getKey();
                NamespaceState state = one.getValue();
                Optional<Releases.Overridden> overridden =
                        PublishRules.checkFreeze(path, state, clock.instant(), override, Optional.empty());
                Release release = release(zookeeper, path, running(path, state, id));
                made.add(new Releases.Made(release, state.released(), overridden, Optional.empty()));
                steps.add(zookeeper
                        .transactionOp()
                        .setData()
                        .withVersion(state.pointerVersion())
                        .forPath(path.current(), Current.encode(release)));
            }
            steps.addAll(nodes.ended(zookeeper, stage, before.orElseThrow(), promoted));
            return steps;
        });
        made.forEach(one -> {
            releases.tell(one.release());
            audit.published(one);
        });
        audit.canaryEnded(stage, promoted.canary());
        return promoted.canary();
    }

    private static Canary running(NamespacePath path, NamespaceState state, String id) {
        return state.canary()
                .filter(canary -> canary.id().equals(id))
                .orElseThrow(() -> new Problem(
                        ConfigProblem.STALE_REVISION, "The canary of '" + path.namespace() + "' is another by now."));
    }

    private static Release release(CuratorFramework zookeeper, NamespacePath path, Canary canary)
            throws DamagedContent, Exception {
        if (canary.release().isPresent()) {
            return canary.release().get();
        }
        return ReleaseHistory.stored(zookeeper, path, canary.pointer().number())
                .orElseThrow(() -> new IllegalStateException("the canary's release is missing in " + path));
    }

    CanaryView abandon(NamespacePath stage, String id, String reason, Caller caller) {
        Optional<Stored<CanaryLog>> before = nodes.stored(stage);
        CanaryLog.Entry entry = entry(before, id);
        if (entry.canary().state() == CanaryState.PROMOTED) {
            throw over(entry.canary());
        }
        if (!entry.runs()) {
            return entry.canary();
        }
        CanaryLog.Entry abandoned = nodes.ended(
                entry,
                CanaryState.ABANDONED,
                Optional.of(caller.subject()),
                reason.isBlank() ? Optional.empty() : Optional.of(reason));
        act(
                stage,
                entry.canary(),
                caller,
                (zookeeper, states) -> nodes.ended(zookeeper, stage, before.orElseThrow(), abandoned));
        audit.canaryEnded(stage, abandoned.canary());
        return abandoned.canary();
    }

    void abandonAll(NamespacePath stage, Caller caller) {
        nodes.read(stage).entries().stream()
                .filter(CanaryLog.Entry::runs)
                .forEach(entry -> abandon(stage, entry.canary().id(), "The configuration is deleted.", caller));
    }

    /**
     * Ends it if a client says that it is wrong, and notes when all have confirmed it. Nothing happens if another center has done
     * so.
     *
     * @throws Problem {@link RequestProblem#UNAVAILABLE} without an effect; the same call may succeed later
     */
    void look(RunningCanary running) {
        NamespacePath stage = running.stage();
        Optional<Stored<CanaryLog>> before = nodes.stored(stage);
        Optional<CanaryLog.Entry> found =
                before.flatMap(log -> log.value().byId(running.id())).filter(CanaryLog.Entry::runs);
        if (found.isEmpty()) {
            return;
        }
        CanaryLog.Entry entry = found.get();
        switch (CanaryVerdict.of(entry, reports(stage, entry.canary()), clock.instant())) {
            case CanaryVerdict.Open open -> {}
            case CanaryVerdict.Proven proven -> {
                if (entry.canary().provenAt().isEmpty()) {
                    prove(stage, before, entry);
                }
            }
            case CanaryVerdict.Failed(String reason) -> {
                CanaryLog.Entry failed = nodes.ended(entry, CanaryState.FAILED, Optional.empty(), Optional.of(reason));
                commit(stage, zookeeper -> nodes.ended(zookeeper, stage, before.orElseThrow(), failed));
                audit.canaryEnded(stage, failed.canary());
            }
        }
    }

    private void prove(NamespacePath stage, Optional<Stored<CanaryLog>> before, CanaryLog.Entry entry) {
        CanaryView canary = entry.canary();
        var proven = new CanaryView(
                canary.id(),
                canary.choice(),
                canary.releases(),
                canary.message(),
                canary.by(),
                canary.at(),
                canary.chosenAt(),
                canary.confirmSeconds(),
                canary.state(),
                Optional.of(clock.instant()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        commit(stage, zookeeper -> List.of(nodes.logged(zookeeper, stage, before, entry.with(proven))));
    }

    private Problem over(CanaryView canary) {
        return new Problem(
                ConfigProblem.CANARY_OVER,
                "The canary '" + canary.id() + "' is over (" + canary.state() + ").",
                Map.of("state", canary.state().name()));
    }

    @FunctionalInterface
    private interface Steps {
        List<CuratorOp> of(CuratorFramework zookeeper, SortedMap<NamespacePath, NamespaceState> states)
                throws Exception;
    }

    private void act(NamespacePath stage, CanaryView canary, Caller caller, Steps steps) {
        SortedMap<NamespacePath, NamespaceState> states = new TreeMap<>();
        canary.releases().keySet().forEach(name -> {
            NamespaceState state = namespaces.read(stage.sibling(name));
            PublishRules.checkPublisher(state.rules(), caller);
            states.put(stage.sibling(name), state);
        });
        commit(stage, zookeeper -> steps.of(zookeeper, states));
    }

    private void commit(NamespacePath stage, ReleaseTransaction.Also steps) {
        try {
            ensemble.ask(zookeeper -> zookeeper.transaction().forOperations(steps.steps(zookeeper)));
        } catch (KeeperException.BadVersionException
                | KeeperException.NodeExistsException
                | KeeperException.NoNodeException e) {
            throw new Problem(RequestProblem.CONFLICT, "Something else happened to the canary at the same time.");
        } catch (KeeperException e) {
            throw Namespaces.defect(stage, e);
        }
    }
}
