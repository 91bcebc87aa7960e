package io.switchboard.config.namespace;

import io.switchboard.config.audit.OwnAct;
import io.switchboard.config.audit.OwnActs;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.config.CanaryApi.CanaryClient;
import io.switchboard.contracts.config.CanaryApi.CanaryState;
import io.switchboard.contracts.config.CanaryApi.CanaryView;
import io.switchboard.contracts.identity.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Ends canaries: for all, or for nobody. */
@Component
class CanaryEnds {

    private final CanaryActs acts;
    private final CanaryNodes nodes;
    private final NextReleases releases;
    private final ReleaseHistory history;
    private final Inheritance inheritance;
    private final Audit audit;
    private final OwnActs own;
    private final Clock clock;

    CanaryEnds(
            CanaryActs acts,
            CanaryNodes nodes,
            NextReleases releases,
            ReleaseHistory history,
            Inheritance inheritance,
            Audit audit,
            OwnActs own,
            Clock clock) {
        this.acts = acts;
        this.nodes = nodes;
        this.releases = releases;
        this.history = history;
        this.inheritance = inheritance;
        this.audit = audit;
        this.own = own;
        this.clock = clock;
    }

    /**
     * One namespace's part of a promotion.
     *
     * @param parents versions of the nodes that say what is in effect in what it inherits
     */
    private record Part(
            NamespacePath path, NamespaceState state, Releases.Made made, SortedMap<NamespacePath, Integer> parents) {}

    /**
     * What holds by now counts, not what held at its start: freezes, rules, and what is inherited and by whom.
     *
     * @param override why a freeze is not heeded; null to heed it
     */
    CanaryView promote(NamespacePath stage, String id, @Nullable String override, Caller caller) {
        Optional<Stored<CanaryLog>> before = nodes.stored(stage);
        CanaryLog.Entry entry = Canaries.entry(before, id);
        if (entry.canary().state() == CanaryState.PROMOTED) {
            return entry.canary();
        }
        Canaries.checkRuns(entry);
        List<Part> parts = new ArrayList<>();
        Map<NamespacePath, NamespaceState> states = acts.states(stage, entry.canary(), caller);
        Map<NamespacePath, Items> items = new HashMap<>();
        states.forEach((path, state) ->
                items.put(path, release(path, Canaries.running(path, state, id)).items()));
        states.forEach((path, state) -> {
            PublishRules.checkReviewed(path, state, entry);
            Optional<Releases.Overridden> overridden =
                    PublishRules.checkFreeze(path, state, clock.instant(), override, Optional.empty());
            Release release = release(path, Canaries.running(path, state, id));
            inheritance.checkStillShared(path, state, release.items());
            parts.add(new Part(
                    path,
                    state,
                    new Releases.Made(release, state.released(), overridden, Optional.empty()),
                    inheritance.taken(path, release.items(), items).versions()));
        });
        CanaryLog.Entry promoted =
                nodes.ended(entry, CanaryState.PROMOTED, Optional.of(caller.person()), Optional.empty());
        Set<NamespacePath> together = parts.stream().map(Part::path).collect(Collectors.toSet());
        releases.tellOnce(
                parts.stream().map(Part::made).toList(),
                () -> acts.commit(stage, transaction -> {
                    for (Part part : parts) {
                        add(transaction, part, together);
                        releases.addUntold(transaction, part.made(), part.state());
                    }
                    transaction.add(zookeeper -> nodes.ended(zookeeper, stage, before.orElseThrow(), promoted));
                }));
        audit.canaryEnded(stage, promoted.canary());
        return promoted.canary();
    }

    private static void add(ReleaseTransaction transaction, Part part, Set<NamespacePath> together) throws Exception {
        NamespacePath path = part.path();
        transaction.checkRules(path, part.state());
        transaction.checkInEffect(part.parents(), together);
        transaction.add(zookeeper -> List.of(zookeeper
                .transactionOp()
                .setData()
                .withVersion(part.state().pointerVersion())
                .forPath(path.current(), Current.encode(part.made().release()))));
    }

    private Release release(NamespacePath path, Canary canary) {
        return canary.release()
                .or(() -> history.kept(path, canary.pointer().number()))
                .orElseThrow(() -> new IllegalStateException("the canary's release is missing in " + path));
    }

    CanaryView abandon(NamespacePath stage, String id, String reason, Caller caller) {
        Optional<Stored<CanaryLog>> before = nodes.stored(stage);
        CanaryLog.Entry entry = Canaries.entry(before, id);
        if (entry.canary().state() == CanaryState.PROMOTED) {
            throw Canaries.over(entry.canary());
        }
        if (!entry.runs()) {
            return entry.canary();
        }
        acts.states(stage, entry.canary(), caller);
        return end(
                stage,
                before.orElseThrow(),
                nodes.ended(
                        entry,
                        CanaryState.ABANDONED,
                        Optional.of(caller.person()),
                        reason.isBlank() ? Optional.empty() : Optional.of(reason)),
                List.of());
    }

    void abandonAll(NamespacePath stage, Caller caller) {
        nodes.read(stage).entries().stream()
                .filter(CanaryLog.Entry::runs)
                .forEach(entry -> abandon(stage, entry.canary().id(), "The configuration is deleted.", caller));
    }

    /**
     * Ends it if a client says that it is wrong, and notes who has confirmed it. Nothing happens if another center has done so.
     *
     * @throws io.switchboard.contracts.problem.Problem without an effect; the same call may succeed later
     */
    void look(RunningCanary running) {
        NamespacePath stage = running.stage();
        Optional<Stored<CanaryLog>> before = nodes.stored(stage);
        Optional<CanaryLog.Entry> found =
                before.flatMap(log -> log.value().byId(running.id())).filter(CanaryLog.Entry::runs);
        if (found.isEmpty()) {
            acts.forget(running, before);
            return;
        }
        CanaryLog.Entry entry = found.get();
        CanaryView canary = entry.canary();
        Instant now = clock.instant();
        List<CanaryClient> clients = CanaryVerdict.clients(
                entry, acts.connected(stage, canary.releases().keySet()), now);
        CanaryVerdict verdict = CanaryVerdict.of(entry, clients, now);
        if (verdict instanceof CanaryVerdict.Failed(String reason)) {
            end(
                    stage,
                    before.orElseThrow(),
                    nodes.ended(entry, CanaryState.FAILED, Optional.empty(), Optional.of(reason)),
                    List.of(OwnAct.inStage(stage, "canary.fail", canary.id())));
            return;
        }
        Optional<Instant> proven = switch (verdict) {
            case CanaryVerdict.Proven yes -> canary.provenAt().or(() -> Optional.of(now));
            case CanaryVerdict.Unproven no -> Optional.empty();
            default -> canary.provenAt();
        };
        CanaryLog.Entry after = entry.looked(canary.proven(proven), CanaryVerdict.running(clients));
        if (!after.equals(entry)) {
            acts.commit(
                    stage,
                    transaction ->
                            transaction.add(zookeeper -> List.of(nodes.logged(zookeeper, stage, before, after))));
        }
    }

    /** @param byItself what no call asks for */
    private CanaryView end(
            NamespacePath stage, Stored<CanaryLog> before, CanaryLog.Entry ended, List<OwnAct> byItself) {
        acts.commit(stage, transaction -> {
            transaction.add(zookeeper -> nodes.ended(zookeeper, stage, before, ended));
            transaction.add(zookeeper -> own.steps(zookeeper, byItself));
        });
        audit.canaryEnded(stage, ended.canary());
        return ended.canary();
    }
}
