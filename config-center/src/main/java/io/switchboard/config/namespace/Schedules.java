package io.switchboard.config.namespace;

import io.switchboard.config.access.Identities;
import io.switchboard.config.audit.OwnAct;
import io.switchboard.config.audit.OwnActs;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ScheduleApi.ScheduleState;
import io.switchboard.contracts.config.ScheduleApi.ScheduledView;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.springframework.stereotype.Component;

/** Keeps what is to be released later; what is due is released once, whichever of the centers does it. */
@Component
class Schedules {

    /** Nobody expects at noon what was to be released at night. */
    private static final Duration LATEST = Duration.ofHours(1);

    private final Ensemble ensemble;
    private final Namespaces namespaces;
    private final Releases releases;
    private final DraftChecks checks;
    private final Documents documents;
    private final Identities identities;
    private final Audit audit;
    private final OwnActs acts;
    private final Clock clock;

    Schedules(
            Ensemble ensemble,
            Namespaces namespaces,
            Releases releases,
            DraftChecks checks,
            Documents documents,
            Identities identities,
            Audit audit,
            OwnActs acts,
            Clock clock) {
        this.ensemble = ensemble;
        this.namespaces = namespaces;
        this.releases = releases;
        this.checks = checks;
        this.documents = documents;
        this.identities = identities;
        this.audit = audit;
        this.acts = acts;
        this.clock = clock;
    }

    Schedule read(NamespacePath stage) {
        return stored(stage).map(Stored::value).orElse(Schedule.NONE);
    }

    private Optional<Stored<Schedule>> stored(NamespacePath stage) {
        try {
            return documents.read(Schedule.node(stage), Schedule.class);
        } catch (KeeperException e) {
            throw Namespaces.defect(stage, e);
        }
    }

    /** @param wish that waits; one with the same id and content stands already */
    ScheduledView add(NamespacePath stage, ScheduledView wish, Caller caller) {
        Optional<Stored<Schedule>> before = stored(stage);
        Schedule schedule = before.map(Stored::value).orElse(Schedule.NONE);
        Optional<Schedule.Entry> same = schedule.byId(wish.id());
        if (same.isPresent()) {
            return standing(same.get(), wish);
        }
        SortedSet<String> freezes = new TreeSet<>();
        SortedMap<String, Long> inEffect = new TreeMap<>();
        SortedMap<NamespacePath, NamespaceState> together = new TreeMap<>();
        wish.revisions().forEach((name, revision) -> {
            NamespacePath path = stage.sibling(name);
            together.put(path, namespaces.current(path, revision));
        });
        together.forEach((path, state) -> {
            PublishRules.checkPublisher(state.rules(), caller);
            PublishRules.checkChanged(path, state);
            freezes.addAll(state.freezes().allHolding(path.application(), wish.at()));
            inEffect.put(path.namespace(), state.number());
            // Once more when it is due: other builds may run by then.
            checks.require(path, state, together, null);
        });
        var known = new Schedule.Known(freezes, inEffect);
        if (schedule.waiting() >= Schedule.MOST_WAITING) {
            throw new Problem(
                    ConfigProblem.TOO_MANY_NAMES, Schedule.MOST_WAITING + " releases wait in this stage, the most.");
        }
        var due = new DueNode(wish.at(), stage, wish.id());
        Schedule after =
                small(schedule.with(new Schedule.Entry(wish, caller.is(Role.OPERATOR), Optional.of(known), null)));
        if (!documents.isSmall(after)) {
            throw new Problem(ConfigProblem.TOO_MANY_NAMES, "What waits in this stage has 64 KiB, the most.");
        }
        store(stage, before, after, zookeeper -> {
            documents.ensureParents(zookeeper, due.node());
            checkRoom(zookeeper, stage);
            List<CuratorOp> steps = new ArrayList<>();
            steps.add(zookeeper
                    .transactionOp()
                    .create()
                    .withACL(identities.centerOnly())
                    .forPath(due.node(), new byte[0]));
            for (NamespacePath path : together.keySet()) {
                // What seals a draft anew moves what waits for it, if it is there by then.
                steps.add(zookeeper
                        .transactionOp()
                        .check()
                        .withVersion((int) together.get(path).revision())
                        .forPath(path.draft()));
            }
            return steps;
        });
        audit.scheduled(stage, wish);
        return wish;
    }

    /** What is over is forgotten the earlier, the more there is. */
    private Schedule small(Schedule schedule) {
        Schedule small = schedule;
        while (!documents.isSmall(small) && !small.withoutOldest().equals(small)) {
            small = small.withoutOldest();
        }
        return small;
    }

    private static ScheduledView standing(Schedule.Entry entry, ScheduledView wish) {
        ScheduledView before = entry.scheduled();
        boolean asked = before.at().equals(wish.at())
                && entry.revisionsAsked().equals(wish.revisions())
                && before.message().equals(wish.message())
                && before.again() == wish.again()
                && before.override().equals(wish.override())
                && before.by().equals(wish.by());
        if (!asked) {
            throw new Problem(ConfigProblem.SCHEDULE_EXISTS, "Another release was scheduled as '" + wish.id() + "'.");
        }
        if (before.state() == ScheduleState.CANCELLED || before.state() == ScheduleState.FAILED) {
            throw new Problem(
                    ConfigProblem.SCHEDULE_OVER,
                    "'" + wish.id() + "' is over (" + before.state() + ") and is not released any more.");
        }
        return before;
    }

    private static void checkRoom(CuratorFramework zookeeper, NamespacePath stage) throws Exception {
        List<String> names = zookeeper.getChildren().forPath(DueNode.PARENT);
        if (names.size() >= DueNode.MOST) {
            throw new Problem(ConfigProblem.TOO_MANY_NAMES, DueNode.MOST + " releases are scheduled, the most.");
        }
        long ofTenant = names.stream()
                .flatMap(name -> DueNode.of(name).stream())
                .filter(due -> due.stage().tenant().equals(stage.tenant()))
                .count();
        if (ofTenant >= DueNode.MOST_OF_A_TENANT) {
            throw new Problem(
                    ConfigProblem.TOO_MANY_NAMES,
                    DueNode.MOST_OF_A_TENANT + " releases of the tenant are scheduled, the most.");
        }
    }

    ScheduledView cancel(NamespacePath stage, String id, Caller caller) {
        Optional<Stored<Schedule>> before = stored(stage);
        Schedule.Entry entry = before.flatMap(stored -> stored.value().byId(id))
                .orElseThrow(() -> new Problem(RequestProblem.NOT_FOUND, "Nothing is scheduled as '" + id + "'."));
        PublishRules.checkPublisher(namespaces.read(stage).rules(), caller);
        if (!entry.waits()) {
            if (entry.scheduled().state() == ScheduleState.CANCELLED) {
                return entry.scheduled();
            }
            throw new Problem(ConfigProblem.SCHEDULE_OVER, "'" + id + "' is over.");
        }
        ScheduledView cancelled = ended(entry.scheduled(), ScheduleState.CANCELLED, Optional.empty());
        store(
                stage,
                before,
                small(before.get().value().with(entry.with(cancelled))),
                zookeeper -> List.of(deleted(zookeeper, stage, entry.scheduled())));
        audit.cancelled(stage, id, Callers.actor(caller));
        return cancelled;
    }

    void cancelAll(NamespacePath stage, Caller caller) {
        read(stage).entries().stream()
                .filter(Schedule.Entry::waits)
                .forEach(entry -> cancel(stage, entry.scheduled().id(), caller));
    }

    /**
     * Releases what is due, or says why it can't be. Nothing happens if another center has done so.
     *
     * @throws Problem {@link RequestProblem#UNAVAILABLE} without an effect; the same call may succeed later
     */
    void carryOut(DueNode due) {
        catchUp(due.stage());
        Optional<Stored<Schedule>> before = stored(due.stage());
        Optional<Schedule.Entry> entry =
                before.flatMap(stored -> stored.value().byId(due.id())).filter(Schedule.Entry::waits);
        if (entry.isEmpty()) {
            return;
        }
        ScheduledView scheduled = entry.get().scheduled();
        if (clock.instant().isAfter(scheduled.at().plus(LATEST))) {
            fail(
                    due.stage(),
                    before,
                    entry.get(),
                    "TOO_LATE",
                    "No config center ran within " + LATEST.toMinutes() + " minutes.");
            return;
        }
        try {
            publish(due.stage(), before, entry.get());
        } catch (Problem problem) {
            if (problem.code().status() < 500) {
                failUnlessOvertaken(due, problem);
            }
        }
    }

    /** A decision, a release, or another data key in the very moment is no change of the draft: then the next look publishes. */
    private void failUnlessOvertaken(DueNode due, Problem problem) {
        Optional<Stored<Schedule>> now = stored(due.stage());
        Optional<Schedule.Entry> entry =
                now.flatMap(stored -> stored.value().byId(due.id())).filter(Schedule.Entry::waits);
        boolean overtaken = entry.isEmpty()
                || problem.code() == ConfigProblem.STALE_REVISION
                        && isAsScheduled(due.stage(), entry.get().scheduled());
        if (!overtaken) {
            fail(due.stage(), now, entry.get(), problem.code().name(), problem.detail());
        }
    }

    /** What lags behind the ensemble would take a draft or an approval for older than it is, and the failure is for good. */
    private void catchUp(NamespacePath stage) {
        try {
            // Requests of a session keep their order, so that nobody has to wait for the answer.
            ensemble.ask(zookeeper -> zookeeper.sync().forPath(Schedule.node(stage)));
        } catch (KeeperException e) {
            throw Namespaces.defect(stage, e);
        }
    }

    private List<Releases.Made> publish(NamespacePath stage, Optional<Stored<Schedule>> before, Schedule.Entry entry) {
        ScheduledView scheduled = entry.scheduled();
        SortedMap<NamespacePath, Long> revisions = new TreeMap<>();
        scheduled.revisions().forEach((name, revision) -> revisions.put(stage.sibling(name), revision));
        Caller publisher = new Caller(
                scheduled.by(),
                entry.operator() ? Optional.empty() : Optional.of(stage.tenant()),
                Set.of(entry.operator() ? Role.OPERATOR : Role.TENANT),
                Instant.MAX);
        ScheduledView released = ended(scheduled, ScheduleState.RELEASED, Optional.empty());
        Schedule after = small(before.map(Stored::value).orElse(Schedule.NONE).with(entry.with(released)));
        // One transaction with the releases: whoever comes second finds the schedule changed.
        return releases.publish(
                new Releases.Publication(
                        revisions,
                        Set.of(),
                        scheduled.message(),
                        scheduled.again(),
                        scheduled.override().orElse(null),
                        // Nobody says today why what tomorrow's check may find is right.
                        null,
                        entry.known()),
                publisher,
                zookeeper -> {
                    var steps = new ArrayList<>(acts.steps(zookeeper, List.of(released(stage, scheduled.id()))));
                    steps.add(documents.step(zookeeper, Schedule.node(stage), before, after));
                    steps.add(deleted(zookeeper, stage, scheduled));
                    return steps;
                });
    }

    private static OwnAct released(NamespacePath stage, String id) {
        return OwnAct.inStage(stage, "schedule.release", id);
    }

    private boolean isAsScheduled(NamespacePath stage, ScheduledView scheduled) {
        return scheduled.revisions().entrySet().stream()
                .allMatch(
                        entry -> namespaces.read(stage.sibling(entry.getKey())).revision() == entry.getValue());
    }

    /** @param before in which the entry waits */
    private void fail(
            NamespacePath stage, Optional<Stored<Schedule>> before, Schedule.Entry entry, String code, String why) {
        ScheduledView failed = ended(entry.scheduled(), ScheduleState.FAILED, Optional.of(code + ": " + why));
        try {
            store(stage, before, small(before.orElseThrow().value().with(entry.with(failed))), zookeeper -> {
                OwnAct act = released(stage, failed.id()).refused(code);
                var steps = new ArrayList<>(acts.steps(zookeeper, List.of(act)));
                steps.add(deleted(zookeeper, stage, entry.scheduled()));
                return steps;
            });
            audit.scheduleFailed(stage, failed);
        } catch (Problem overtaken) {
            // Another center was quicker, or ZooKeeper is away: the next look tells.
        }
    }

    private ScheduledView ended(ScheduledView scheduled, ScheduleState state, Optional<String> problem) {
        return new ScheduledView(
                scheduled.id(),
                scheduled.at(),
                scheduled.revisions(),
                scheduled.message(),
                scheduled.again(),
                scheduled.override(),
                scheduled.by(),
                state,
                Optional.of(clock.instant()),
                problem);
    }

    private static CuratorOp deleted(CuratorFramework zookeeper, NamespacePath stage, ScheduledView scheduled)
            throws Exception {
        return zookeeper.transactionOp().delete().forPath(new DueNode(scheduled.at(), stage, scheduled.id()).node());
    }

    private void store(
            NamespacePath stage, Optional<Stored<Schedule>> before, Schedule after, ReleaseTransaction.Also also) {
        try {
            ensemble.commit(zookeeper -> {
                documents.ensureParents(zookeeper, Schedule.node(stage));
                var steps = new ArrayList<>(also.steps(zookeeper));
                steps.add(documents.step(zookeeper, Schedule.node(stage), before, after));
                return steps;
            });
        } catch (KeeperException.BadVersionException
                | KeeperException.NodeExistsException
                | KeeperException.NoNodeException e) {
            throw new Problem(
                    RequestProblem.CONFLICT, "Somebody else changed the schedule, or a draft in it, at the same time.");
        } catch (KeeperException e) {
            throw Namespaces.defect(stage, e);
        }
    }
}
