package io.switchboard.request.order;

import static io.switchboard.request.Service.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.outbox.Outbox;
import io.switchboard.outbox.OutboxMessage;
import io.switchboard.request.RequestTest;
import io.switchboard.request.Service;
import io.switchboard.request.catalog.Catalog;
import io.switchboard.request.instance.Instances;
import io.switchboard.request.notification.Timeline;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestConstructor;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/** What is left when writing fails halfway: all of an order or nothing of it. */
@RequestTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class DurabilityTests {

    private final Service service;
    private final Catalog catalog;
    private final PlaceOrders failing;
    private final PlaceOrders working;

    DurabilityTests(
            Service service,
            Catalog catalog,
            PlaceOrders working,
            TransactionOperations transaction,
            Orders orders,
            Instances instances,
            Timeline timeline,
            Outbox outbox,
            JsonMapper json) {
        this.service = service;
        this.catalog = catalog;
        this.working = working;
        this.failing =
                new PlaceOrders(transaction, catalog, orders, instances, timeline, new FailingAfterwards(outbox), json);
    }

    /** The last step of the transaction does its work and then fails, as a lost connection would. */
    private record FailingAfterwards(Outbox outbox) implements Outbox {

        @Override
        public void append(Collection<OutboxMessage> messages) {
            outbox.append(messages);
            throw new IllegalStateException("the connection is gone");
        }
    }

    @Test
    void aTransactionThatFailsLeavesNothing() {
        var before = service.rows();
        var draft = draft("half-written");

        assertThatThrownBy(() -> failing.commit(List.of(draft))).hasMessage("the connection is gone");

        assertThat(service.rows()).isEqualTo(before);
        assertThat(working.commit(List.of(draft))).singleElement().isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void whatWasWrittenBeforeACrashIsFoundAgainUnderItsKey() {
        var draft = draft("written");
        working.commit(List.of(draft));

        assertThat(working.commit(List.of(draft))).containsExactly(new Outcome.Repeated(draft.orderId()));
    }

    @Test
    void inOneBatchEachGetsItsOwnAnswer() {
        var first = draft("batch-one");
        var sameName = draft("batch-one");
        var sameKey = new OrderDraft.Opening(
                new Claim(first.claim().tenant(), first.claim().key(), "another"),
                UuidCreator.getTimeOrderedEpoch(),
                first.at(),
                UuidCreator.getTimeOrderedEpoch(),
                "batch-two",
                first.offer(),
                first.image(),
                first.loadProfile(),
                Map.of(),
                Set.of());
        var third = draft("batch-three");
        var delete = new OrderDraft.Deleting(
                claim(), UuidCreator.getTimeOrderedEpoch(), first.at(), UuidCreator.getTimeOrderedEpoch());

        var outcomes = working.commit(List.of(first, sameName, sameKey, delete, third));

        assertThat(outcomes)
                .extracting(outcome -> outcome instanceof Outcome.Refused refused
                        ? refused.problem().code().name()
                        : outcome.getClass().getSimpleName())
                .containsExactly("Accepted", "NAME_TAKEN", "IDEMPOTENCY_KEY_REUSED", "NOT_FOUND", "Accepted");
    }

    private OrderDraft.Opening draft(String name) {
        var offer = catalog.offer("acd", "standard");
        return new OrderDraft.Opening(
                claim(),
                UuidCreator.getTimeOrderedEpoch(),
                Instant.parse("2026-06-01T12:00:00Z"),
                UuidCreator.getTimeOrderedEpoch(),
                name,
                offer,
                offer.image(),
                new LoadProfile(20, 600, 180),
                Map.of(),
                Set.of());
    }

    private static Claim claim() {
        return new Claim(
                "durable",
                UuidCreator.getTimeOrderedEpoch().toString(),
                open("x").toString());
    }
}
