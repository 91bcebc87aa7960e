package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.scheduling.capacity.Sizings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** Keeps deployments as the database does, and what would have been sent. */
public class InMemoryDeployments implements Deployments {

    public final List<DeploymentEvent> events = new ArrayList<>();
    public final List<TaskSnapshot> snapshots = new ArrayList<>();
    public final List<Note> notes = new ArrayList<>();

    private final OrderRules rules =
            new OrderRules(Sizings.onAnyNodes(), new JsonMapper()::writeValueAsString, true, Duration.ofDays(30));
    private final Map<UUID, Deployment> all = new LinkedHashMap<>();

    /** Carries out an order as the intake does. */
    public void order(OrderMessage order, Instant now) {
        var before = Optional.ofNullable(all.get(order.instanceId()));
        var decision = rules.decide(before, order, now);
        all.put(
                order.instanceId(),
                before.isPresent() ? decision.after().versioned(before.get().version() + 1) : decision.after());
        events.addAll(decision.events());
    }

    /** What an operator may want of the instance, by its index; one that is refused changes nothing. */
    public void intervene(UUID id, int which, String taskId, Instant now) {
        var before = get(id);
        var wish = switch (which) {
            case 0 -> new Intervention.Pause("an operator");
            case 1 -> new Intervention.Abort("an operator");
            case 2 -> new Intervention.Promote();
            case 3 ->
                new Intervention.RollBack(
                        before.revisions().getFirst(), Optional.of(Course.Canary.of(1, Duration.ofMinutes(1))));
            case 4 -> new Intervention.Restart(taskId);
            default -> new Intervention.Resume();
        };
        intervene(id, wish, now);
    }

    /** As autoscaling wants it, which knows what is desired. */
    public void scale(UUID id, int tasks, Instant now) {
        intervene(id, new Intervention.Scale(get(id).desired(), tasks, "the load"), now);
    }

    public void intervene(UUID id, Intervention wish, Instant now) {
        var before = get(id);
        try {
            var after = InterventionRules.decide(before, wish, now);
            if (!after.equals(before)) {
                all.put(id, after.versioned(before.version() + 1));
                if (after.told().sequence() > before.told().sequence()) {
                    events.add(after.event(before));
                }
            }
        } catch (Problem refused) {
            // As the caller would be told.
        }
    }

    public Deployment get(UUID id) {
        return Optional.ofNullable(all.get(id)).orElseThrow();
    }

    @Override
    public List<Deployment> find(Collection<UUID> ids) {
        return all.values().stream().filter(one -> ids.contains(one.id())).toList();
    }

    @Override
    public Deployment save(Deployment before, Deployment after, List<Note> noted) {
        notes.addAll(noted);
        var stored = get(after.id());
        if (stored.version() != after.version()) {
            throw new StaleDeployment(after.id());
        }
        // The route's sequence has a writer of its own.
        var next = after.takenOver(
                        stored.traffic().routeSequence(), stored.traffic().routeAt())
                .versioned(after.version() + 1);
        all.put(after.id(), next);
        if (after.traffic().sequence() > before.traffic().sequence()) {
            snapshots.add(after.snapshot());
        }
        if (after.told().sequence() > before.told().sequence()) {
            events.add(after.event(before));
        }
        return after.versioned(after.version() + 1);
    }

    @Override
    public void note(UUID instanceId, List<Note> noted) {
        notes.addAll(noted);
    }

    @Override
    public void routed(Map<UUID, Long> sequences, Instant at) {
        sequences.forEach((id, sequence) -> all.computeIfPresent(id, (key, one) -> one.takenOver(sequence, at)));
    }

    @Override
    public List<UUID> unsettled(Optional<UUID> after, int limit) {
        return List.of();
    }

    @Override
    public List<UUID> settled(Optional<UUID> after, int limit) {
        return List.of();
    }

    @Override
    public Map<String, UUID> owners(Set<String> workloads) {
        var owners = new HashMap<String, UUID>();
        all.values()
                .forEach(one -> one.revisions().stream()
                        .map(Revision::workload)
                        .filter(workloads::contains)
                        .forEach(workload -> owners.put(workload, one.id())));
        return owners;
    }

    @Override
    public Map<String, Resources> sizes(Set<String> workloads) {
        var sizes = new HashMap<String, Resources>();
        all.values().stream()
                .flatMap(one -> one.revisions().stream())
                .filter(revision -> workloads.contains(revision.workload()))
                .forEach(revision -> sizes.put(revision.workload(), revision.perTask()));
        return sizes;
    }

    @Override
    public List<Kept> history(UUID instanceId) {
        return get(instanceId).revisions().reversed().stream()
                .map(revision -> new Kept(revision, Instant.EPOCH, Optional.empty()))
                .toList();
    }

    @Override
    public List<Note> notes(UUID instanceId, int limit) {
        return notes.reversed().stream().limit(limit).toList();
    }

    @Override
    public List<Deployment> living(Optional<String> tenant) {
        return List.copyOf(all.values());
    }

    @Override
    public List<TaskSnapshot> snapshots() {
        return List.copyOf(snapshots);
    }
}
