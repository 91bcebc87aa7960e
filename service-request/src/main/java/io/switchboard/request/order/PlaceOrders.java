package io.switchboard.request.order;

import io.switchboard.batching.GroupCommit;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.outbox.Outbox;
import io.switchboard.outbox.OutboxMessage;
import io.switchboard.request.catalog.Catalog;
import io.switchboard.request.instance.Instance;
import io.switchboard.request.instance.Instances;
import io.switchboard.request.notification.Change;
import io.switchboard.request.notification.Timeline;
import io.switchboard.request.order.OrderDraft.Extending;
import io.switchboard.request.order.OrderDraft.OnInstance;
import io.switchboard.request.order.OrderDraft.Opening;
import io.switchboard.request.order.OrderDraft.Upgrading;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes orders, many in one transaction: the order, its instance, the first entry of its timeline, and the message to
 * the scheduler.
 *
 * <p>What makes one order impossible (its key or its instance's name is taken, its instance is on its way out) must not
 * fail the others. So nothing here runs into an error of the database: inserts skip what conflicts and say what they
 * wrote. Rows are always locked in the same order (instances by id, then keys, then names), so that transactions wait
 * for one another and never in a circle.
 */
@Component
class PlaceOrders implements GroupCommit.Batch<OrderDraft, Outcome> {

    private final TransactionOperations transaction;
    private final Catalog catalog;
    private final Orders orders;
    private final Instances instances;
    private final Timeline timeline;
    private final Outbox outbox;
    private final JsonMapper json;

    PlaceOrders(
            TransactionOperations transaction,
            Catalog catalog,
            Orders orders,
            Instances instances,
            Timeline timeline,
            Outbox outbox,
            JsonMapper json) {
        this.transaction = transaction;
        this.catalog = catalog;
        this.orders = orders;
        this.instances = instances;
        this.timeline = timeline;
        this.outbox = outbox;
        this.json = json;
    }

    @Override
    public List<Outcome> commit(List<OrderDraft> members) {
        try {
            var outcomes = Objects.requireNonNull(transaction.execute(status -> place(members)));
            return members.stream()
                    .map(member -> Objects.requireNonNull(outcomes.get(member.orderId())))
                    .toList();
        } catch (CannotCreateTransactionException | DataAccessResourceFailureException e) {
            throw new Problem(RequestProblem.UNAVAILABLE, "The database does not answer at the moment.");
        }
    }

    /** The outcomes by order id. */
    private Map<UUID, Outcome> place(List<OrderDraft> members) {
        var outcomes = new HashMap<UUID, Outcome>();
        var rest = members;
        while (!rest.isEmpty()) {
            var round = firstOfEachKey(rest);
            outcomes.putAll(placeDistinct(List.copyOf(round.values())));
            rest = settleRepetitions(rest, round, outcomes);
        }
        return outcomes;
    }

    private static Map<Claim, OrderDraft> firstOfEachKey(List<OrderDraft> members) {
        var first = new LinkedHashMap<Claim, OrderDraft>();
        for (var member : members) {
            first.putIfAbsent(withoutHash(member.claim()), member);
        }
        return first;
    }

    /** Who sent the same as the first under its key shares the outcome; who sent something else comes in the next round. */
    private static List<OrderDraft> settleRepetitions(
            List<OrderDraft> members, Map<Claim, OrderDraft> round, Map<UUID, Outcome> outcomes) {
        var rest = new ArrayList<OrderDraft>();
        for (var member : members) {
            var first = Objects.requireNonNull(round.get(withoutHash(member.claim())));
            if (member == first) {
                continue;
            }
            if (member.claim().equals(first.claim())) {
                var outcome = Objects.requireNonNull(outcomes.get(first.orderId()));
                outcomes.put(
                        member.orderId(),
                        outcome instanceof Outcome.Accepted ? new Outcome.Repeated(first.orderId()) : outcome);
            } else {
                rest.add(member);
            }
        }
        return rest;
    }

    private static Claim withoutHash(Claim claim) {
        return new Claim(claim.tenant(), claim.key(), "");
    }

    private Map<UUID, Outcome> placeDistinct(List<OrderDraft> members) {
        var outcomes = new HashMap<UUID, Outcome>();
        // Before they are held against their instances: a repeated DELETE finds its instance on its way out already.
        recognise(members.stream().filter(OnInstance.class::isInstance).toList(), outcomes);
        var admissions = admit(
                members.stream()
                        .filter(member -> !outcomes.containsKey(member.orderId()))
                        .toList(),
                outcomes);

        var placed =
                orders.place(inOrder(admissions, each -> each.draft().claim().key()));
        var fresh = admissions.stream()
                .filter(each -> placed.contains(each.order().id()))
                .toList();
        var opening =
                fresh.stream().filter(each -> each.draft() instanceof Opening).toList();
        var opened = instances.open(inOrder(opening, each -> each.instance().name()).stream()
                .map(Admission::instance)
                .toList());
        var nameless = opening.stream()
                .filter(each -> !opened.contains(each.instance().id()))
                .toList();
        orders.withdraw(nameless.stream().map(each -> each.order().id()).toList());
        nameless.forEach(each -> outcomes.put(each.order().id(), new Outcome.Refused(nameTaken(each))));

        var accepted = new ArrayList<>(fresh);
        accepted.removeAll(nameless);
        instances.save(lastPerInstance(accepted));
        var entries = accepted.stream().map(PlaceOrders::firstEntry).toList();
        timeline.append(entries);
        outbox.append(accepted.stream().map(each -> message(each.message())).toList());
        for (int index = 0; index < accepted.size(); index++) {
            var admission = accepted.get(index);
            var view = admission
                    .order()
                    .view(admission.instance(), List.of(entries.get(index).entry()));
            outcomes.put(admission.order().id(), new Outcome.Accepted(view));
        }
        recognise(members, outcomes);
        // Neither written now nor there before.
        members.forEach(member -> outcomes.computeIfAbsent(member.orderId(), spent -> new Outcome.Refused(keySpent())));
        return outcomes;
    }

    /** Holds each draft against the instances as those before it in this batch leave them. */
    private List<Admission> admit(List<OrderDraft> members, Map<UUID, Outcome> outcomes) {
        var current = new HashMap<>(instances.lock(members.stream()
                .<UUID>mapMulti((member, ids) -> {
                    switch (member) {
                        case Opening opening -> opening.dependsOn().forEach(ids);
                        case OnInstance on -> ids.accept(on.instanceId());
                    }
                })
                .distinct()
                .toList()));
        var loads = loadsUnderWay(members);
        var admissions = new ArrayList<Admission>();
        for (var member : members) {
            try {
                var admission = switch (member) {
                    case Opening opening -> Admission.of(opening, current);
                    case OnInstance on ->
                        Admission.of(on, current.get(on.instanceId()), loads.get(on.instanceId()), catalog);
                };
                if (admission.draft() instanceof Extending extending) {
                    loads.put(extending.instanceId(), extending.loadProfile());
                }
                current.put(admission.instance().id(), admission.instance());
                admissions.add(admission);
            } catch (Problem problem) {
                outcomes.put(member.orderId(), new Outcome.Refused(problem));
            }
        }
        return admissions;
    }

    /** By instance the load it gets from orders that have not ended; only of those that are to be upgraded. */
    private Map<UUID, LoadProfile> loadsUnderWay(List<OrderDraft> members) {
        var upgraded = members.stream()
                .filter(Upgrading.class::isInstance)
                .map(member -> ((Upgrading) member).instanceId())
                .distinct()
                .toList();
        var loads = new HashMap<UUID, LoadProfile>();
        if (!upgraded.isEmpty()) {
            orders.open(upgraded).forEach(order -> {
                var load = order.loadProfile();
                if (load != null) {
                    loads.put(order.instanceId(), load);
                }
            });
        }
        return loads;
    }

    /** Finds the orders that were there before, under the keys of those that were not written now. */
    private void recognise(List<OrderDraft> members, Map<UUID, Outcome> outcomes) {
        var unwritten = members.stream()
                .filter(member -> !outcomes.containsKey(member.orderId())
                        || outcomes.get(member.orderId()) instanceof Outcome.Refused)
                .toList();
        var known = orders.claimed(unwritten.stream().map(OrderDraft::claim).toList());
        for (var member : unwritten) {
            known.stream()
                    .filter(each -> each.claim().sameKey(member.claim()))
                    .findFirst()
                    .ifPresent(each -> outcomes.put(member.orderId(), again(member.claim(), each)));
        }
    }

    static Outcome again(Claim claim, Orders.Claimed known) {
        return known.claim().equals(claim)
                ? new Outcome.Repeated(known.id())
                : new Outcome.Refused(new Problem(
                        OrderProblem.IDEMPOTENCY_KEY_REUSED,
                        "This key was used for another order before.",
                        Map.of("orderId", known.id())));
    }

    /** By tenant, then by what must be unique within it; what is equal stays in the order it came. */
    private static List<Admission> inOrder(List<Admission> admissions, Function<Admission, String> unique) {
        return admissions.stream()
                .sorted(Comparator.comparing((Admission each) -> each.order().tenant())
                        .thenComparing(unique))
                .toList();
    }

    private static Collection<Instance> lastPerInstance(List<Admission> accepted) {
        var last = new LinkedHashMap<UUID, Instance>();
        for (var each : accepted) {
            if (!(each.draft() instanceof Opening)) {
                last.put(each.instance().id(), each.instance());
            }
        }
        return last.values();
    }

    private static Change firstEntry(Admission admission) {
        var order = admission.order();
        return new Change(
                order.tenant(),
                order.instanceId(),
                order.id(),
                1,
                order.acceptedAt(),
                order.state().name(),
                "ACCEPTED",
                "Accepted; waiting for the scheduler.");
    }

    private OutboxMessage message(OrderMessage message) {
        return OutboxMessage.toQueue(
                OrderMessage.QUEUE, message.instanceId().toString(), json.writeValueAsString(message));
    }

    private static Problem keySpent() {
        return new Problem(
                OrderProblem.IDEMPOTENCY_KEY_SPENT,
                "This key opened an instance that was deleted so long ago that its orders are not kept any more.");
    }

    private static Problem nameTaken(Admission admission) {
        return new Problem(
                OrderProblem.NAME_TAKEN,
                "You already have an instance '" + admission.instance().name() + "'.");
    }
}
