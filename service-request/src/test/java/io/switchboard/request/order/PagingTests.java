package io.switchboard.request.order;

import static io.switchboard.request.Service.newKey;
import static io.switchboard.request.Service.open;
import static io.switchboard.request.Service.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.request.RequestTest;
import io.switchboard.request.Service;
import io.switchboard.request.Service.Answer;
import io.switchboard.request.Service.As;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestConstructor;

@RequestTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class PagingTests {

    private static final As ACME = tenant("paging");

    private final Service service;

    PagingTests(Service service) {
        this.service = service;
    }

    @Test
    void pagesShowEachOrderOnceWhileNewOnesCome() {
        var before = IntStream.range(0, 25)
                .mapToObj(index ->
                        service.order(ACME, newKey(), open("page-" + index)).text("id"))
                .toList();

        var seen = new ArrayList<String>();
        var cursor = "";
        for (int page = 0; page == 0 || !cursor.isEmpty(); page++) {
            var answer = service.get(ACME, "/api/v1/orders?limit=7" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            answer.json().path("items").forEach(each -> seen.add(each.path("id").asString()));
            cursor = answer.text("next");
            service.order(ACME, newKey(), open("meanwhile-" + page));
        }

        assertThat(seen).containsExactlyElementsOf(before.reversed());
        assertThat(service.get(ACME, "/api/v1/instances?limit=200").json().path("items"))
                .hasSizeGreaterThan(25);
    }

    @Test
    void filtersHold() {
        var acme = tenant("filtering");
        var first = service.order(acme, newKey(), open("first"));
        service.order(acme, newKey(), open("second"));

        assertThat(ids(service.get(acme, "/api/v1/orders?instanceId=" + first.text("instanceId"))))
                .containsExactly(first.text("id"));
        assertThat(ids(service.get(acme, "/api/v1/orders?state=ACCEPTED"))).hasSize(2);
        assertThat(ids(service.get(acme, "/api/v1/orders?state=COMPLETED"))).isEmpty();
    }

    private static List<String> ids(Answer answer) {
        var ids = new ArrayList<String>();
        answer.json().path("items").forEach(each -> ids.add(each.path("id").asString()));
        return ids;
    }
}
