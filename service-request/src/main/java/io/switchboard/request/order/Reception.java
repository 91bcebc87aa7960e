package io.switchboard.request.order;

import com.github.f4b6a3.uuid.UuidCreator;
import io.switchboard.batching.GroupCommit;
import io.switchboard.batching.Pace;
import io.switchboard.contracts.ordering.OrderRequest;
import io.switchboard.contracts.problem.Fault;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.request.catalog.Catalog;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Checks orders one by one, and hands the good ones to those who write them. */
@Component
class Reception implements DisposableBean {

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private final Catalog catalog;
    private final Orders orders;
    private final Clock clock;
    private final AcceptProperties properties;
    private final GroupCommit<OrderDraft, Outcome> writers;
    private final JsonMapper canonical;

    Reception(
            Catalog catalog,
            Orders orders,
            PlaceOrders batch,
            Clock clock,
            AcceptProperties properties,
            JsonMapper json) {
        this.catalog = catalog;
        this.orders = orders;
        this.clock = clock;
        this.properties = properties;
        this.writers = new GroupCommit<>(
                "order-writer",
                properties.writers(),
                properties.batch(),
                properties.waiting(),
                new Pace(properties.rest()),
                // The batch says so of what is no member's own fault.
                failure -> failure instanceof Problem problem && problem.code().fault() == Fault.BUSY,
                batch);
        this.canonical = json.rebuild()
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build();
    }

    /**
     * Answers once the order is durable, or was before.
     *
     * @throws Problem if it is not and won't be
     */
    Outcome place(String tenant, String key, OrderRequest request) {
        if (!KEY.matcher(key).matches()) {
            throw new Problem(
                    OrderProblem.IDEMPOTENCY_KEY_INVALID,
                    key.isEmpty()
                            ? "The header 'Idempotency-Key' is missing."
                            : "The header 'Idempotency-Key' is too long or not visible ASCII.");
        }
        var claim = new Claim(tenant, key, hash(request));
        OrderDraft draft;
        try {
            draft = draft(claim, request);
        } catch (Problem problem) {
            // What was accepted once stays so, even if the catalog would refuse it by now.
            return orders.claimed(List.of(claim)).stream()
                    .findFirst()
                    .map(known -> PlaceOrders.again(claim, known))
                    .orElseThrow(() -> problem);
        }
        try {
            return writers.commit(draft, properties.patience());
        } catch (RejectedExecutionException e) {
            throw new Problem(RequestProblem.UNAVAILABLE, "More is being written than can be taken at the moment.");
        } catch (GroupCommit.Unfinished e) {
            // Repeated under the same key it is found, or written then.
            throw new Problem(RequestProblem.UNAVAILABLE, "Writing the order took too long.");
        }
    }

    @Override
    public void destroy() {
        writers.close();
    }

    private OrderDraft draft(Claim claim, OrderRequest request) {
        var orderId = UuidCreator.getTimeOrderedEpoch();
        // As exact as the database keeps it, so that a repetition reads the same.
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return switch (request) {
            case OrderRequest.Open open -> opening(claim, orderId, open, at);
            case OrderRequest.Extend extend ->
                new OrderDraft.Extending(claim, orderId, at, extend.instanceId(), extend.loadProfile());
            case OrderRequest.Upgrade upgrade ->
                new OrderDraft.Upgrading(
                        claim, orderId, at, upgrade.instanceId(), Optional.ofNullable(upgrade.canary()));
            case OrderRequest.Restart restart -> new OrderDraft.Restarting(claim, orderId, at, restart.instanceId());
            case OrderRequest.Delete delete -> new OrderDraft.Deleting(claim, orderId, at, delete.instanceId());
        };
    }

    private OrderDraft opening(Claim claim, UUID orderId, OrderRequest.Open open, Instant at) {
        var parameters = Optional.ofNullable(open.parameters()).orElse(Map.of());
        var offer = catalog.offer(open.serviceType(), open.plan());
        offer.checkParameters(parameters);
        offer.checkLoad(open.loadProfile());
        return new OrderDraft.Opening(
                claim,
                orderId,
                at,
                UuidCreator.getTimeOrderedEpoch(),
                open.name(),
                offer,
                offer.image(),
                open.loadProfile(),
                parameters,
                Optional.ofNullable(open.dependsOn()).orElse(Set.of()));
    }

    /** Of what the order says, not of its bytes: spaces and the order of fields make no other order. */
    private String hash(OrderRequest request) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(request.kind().name().getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(canonical.writeValueAsBytes(request)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
