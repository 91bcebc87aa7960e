package io.switchboard.request.order;

import static io.switchboard.request.Service.load;
import static io.switchboard.request.Service.newKey;
import static io.switchboard.request.Service.open;
import static io.switchboard.request.Service.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.request.Neighbours;
import io.switchboard.request.RequestTest;
import io.switchboard.request.Service;
import io.switchboard.request.Service.Answer;
import io.switchboard.request.Service.As;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestConstructor;

@RequestTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class IdempotencyTests {

    private static final As ACME = tenant("idempotent");

    private final Service service;
    private final Neighbours neighbours;

    IdempotencyTests(Service service, Neighbours neighbours) {
        this.service = service;
        this.neighbours = neighbours;
    }

    @Test
    void theSameOrderTwiceIsOneOrder() {
        var key = newKey();
        var first = service.order(ACME, key, open("once"));
        var reordered = new LinkedHashMap<String, Object>();
        new LinkedHashMap<>(open("once")).reversed().forEach(reordered::put);

        var second = service.order(ACME, key, reordered);

        assertThat(second.status()).isEqualTo(202);
        assertThat(second.headers().get("location")).isEqualTo(first.headers().get("location"));
        assertThat(second.body()).isEqualTo(first.body());
    }

    @Test
    void aKeyCantBeUsedForAnotherOrder() {
        var key = newKey();
        service.order(ACME, key, open("original"));

        assertThat(service.order(ACME, key, open("different")))
                .returns(409, Answer::status)
                .returns("IDEMPOTENCY_KEY_REUSED", answer -> answer.text("code"));
        assertThat(service.order(tenant("idempotent-too"), key, open("original"))
                        .status())
                .isEqualTo(202);
    }

    @Test
    void aHundredPostsAtOnceAreOneOrderAndOneMessage() {
        var key = newKey();

        var answers =
                IntStream.range(0, 100).mapToObj(index -> service.orderLater(ACME, key, open("rush"))).toList().stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertThat(answers).extracting(Answer::status).containsOnly(202);
        assertThat(answers)
                .extracting(Answer::id)
                .containsOnly(answers.getFirst().id());
        var instance = UUID.fromString(answers.getFirst().text("instanceId"));
        await().until(() -> !neighbours.orders(instance).isEmpty());
        assertThat(neighbours.orders(instance)).hasSize(1);
    }

    @Test
    void manyOrdersAtOnceWithOneNameAreOneInstance() {
        var answers = IntStream.range(0, 30)
                .mapToObj(index -> service.orderLater(ACME, newKey(), open("wanted-by-all")))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(answers).filteredOn(answer -> answer.status() == 202).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 202)
                .extracting(answer -> answer.text("code"))
                .containsOnly("NAME_TAKEN");
    }

    @Test
    void ordersOfOneInstanceReachTheSchedulerOnceEachAndInOrder() {
        var opened = service.order(ACME, newKey(), open("ordered"));
        var instance = UUID.fromString(opened.text("instanceId"));

        var answers = IntStream.range(0, 20)
                .mapToObj(index -> service.order(
                        ACME,
                        newKey(),
                        Map.of("kind", "EXTEND", "instanceId", instance, "loadProfile", load(100 + index))))
                .toList();

        await().until(() -> neighbours.orders(instance).size() >= 21);
        assertThat(neighbours.orders(instance))
                .extracting(received -> received.order().orderId())
                .containsExactlyElementsOf(Stream.concat(Stream.of(opened), answers.stream())
                        .map(Answer::id)
                        .toList());
        assertThat(neighbours.orders(instance))
                .extracting(Neighbours.Received::group)
                .containsOnly(instance.toString());
    }

    @Test
    void aRepeatedDeleteIsTheFirstOne() {
        var opened = service.order(ACME, newKey(), open("ends-once"));
        var delete = Map.of("kind", "DELETE", "instanceId", opened.text("instanceId"));
        var key = newKey();
        var first = service.order(ACME, key, delete);

        assertThat(service.order(ACME, key, delete))
                .returns(202, Answer::status)
                .returns(first.id(), Answer::id);
        assertThat(service.order(ACME, newKey(), delete).text("code")).isEqualTo("INSTANCE_DELETING");
    }
}
