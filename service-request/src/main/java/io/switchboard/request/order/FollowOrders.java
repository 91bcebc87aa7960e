package io.switchboard.request.order;

import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.request.instance.Instance;
import io.switchboard.request.instance.Instances;
import io.switchboard.request.notification.Change;
import io.switchboard.request.notification.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/** Takes news of many instances to heart in one transaction. */
@Component
class FollowOrders {

    private static final Logger log = LoggerFactory.getLogger(FollowOrders.class);

    private final TransactionOperations transaction;
    private final Orders orders;
    private final Instances instances;
    private final Timeline timeline;

    FollowOrders(TransactionOperations transaction, Orders orders, Instances instances, Timeline timeline) {
        this.transaction = transaction;
        this.orders = orders;
        this.instances = instances;
        this.timeline = timeline;
    }

    /**
     * Stores what the news brings about. News that can't be stored whatever one does is logged and left out, so that it
     * does not hold up what comes after it.
     *
     * @throws TransactionException if the database is away
     * @throws DataAccessResourceFailureException likewise
     * @throws TransientDataAccessException if the same news may be stored when it is tried again
     */
    void heed(List<News> batch) {
        try {
            tell(Objects.requireNonNull(transaction.execute(status -> follow(batch))));
        } catch (TransactionException | DataAccessResourceFailureException | TransientDataAccessException e) {
            throw e;
        } catch (RuntimeException e) {
            if (batch.size() == 1) {
                log.error("news of instance {} is left out", batch.getFirst().instanceId(), e);
            } else {
                batch.forEach(news -> heed(List.of(news)));
            }
        }
    }

    /** Orders come by the thousand: one line each at their end, the rest where somebody looks for it. */
    private static void tell(List<Change> changes) {
        for (var change : changes) {
            var order = change.orderId();
            if (order != null) {
                var ended = change.state().equals(OrderState.COMPLETED.name())
                        || change.state().equals(OrderState.FAILED.name());
                log.atLevel(ended ? Level.INFO : Level.DEBUG)
                        .log(
                                "order {} is {} ({}): instance {} of tenant {}",
                                order,
                                change.state(),
                                change.step(),
                                change.instanceId(),
                                change.tenant());
            }
        }
    }

    /** What there is to tell once it is durable. */
    private List<Change> follow(List<News> batch) {
        var ids = new LinkedHashSet<UUID>();
        batch.forEach(news -> ids.add(news.instanceId()));
        var known = new LinkedHashMap<>(instances.lock(ids));
        Map<UUID, List<Order>> open =
                new HashMap<>(orders.open(known.keySet()).stream().collect(Collectors.groupingBy(Order::instanceId)));

        var touched = new LinkedHashMap<UUID, Instance>();
        var advanced = new LinkedHashMap<UUID, Order>();
        var changes = new ArrayList<Change>();
        for (var news : batch) {
            var instance = known.get(news.instanceId());
            if (instance == null) {
                log.warn("news of instance {}, which is not known here", news.instanceId());
                continue;
            }
            var before = open.getOrDefault(instance.id(), List.of());
            var progress = Progress.of(instance, before, news);
            if (!progress.instance().equals(instance)) {
                known.put(instance.id(), progress.instance());
                touched.put(instance.id(), progress.instance());
            }
            progress.orders().stream()
                    .filter(order -> !before.contains(order))
                    .forEach(order -> advanced.put(order.id(), order));
            open.put(
                    instance.id(),
                    progress.orders().stream().filter(Order::open).toList());
            changes.addAll(progress.changes());
        }
        instances.save(touched.values());
        orders.save(advanced.values());
        timeline.append(changes);
        return changes;
    }
}
