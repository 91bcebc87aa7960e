package io.switchboard.request.order;

import static io.switchboard.request.Service.load;
import static io.switchboard.request.Service.newKey;
import static io.switchboard.request.Service.open;
import static io.switchboard.request.Service.operator;
import static io.switchboard.request.Service.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.request.RequestTest;
import io.switchboard.request.Service;
import io.switchboard.request.Service.Answer;
import io.switchboard.request.Service.As;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestConstructor;

/** What one tenant has, another neither sees nor touches. */
@RequestTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class IsolationTests {

    private static final As OWNER = tenant("owner");
    private static final As STRANGER = tenant("stranger");

    private final Service service;

    IsolationTests(Service service) {
        this.service = service;
    }

    @Test
    void aForeignOrderOrInstanceIsNotFoundAnywhere() {
        var opened = service.order(OWNER, newKey(), open("private"));
        var order = "/api/v1/orders/" + opened.id();
        var instanceId = opened.text("instanceId");

        assertThat(service.get(STRANGER, order)).returns(404, Answer::status);
        assertThat(service.get(STRANGER, order + "/events")).returns(404, Answer::status);
        assertThat(service.get(STRANGER, "/api/v1/instances/" + instanceId)).returns(404, Answer::status);
        assertThat(service.order(STRANGER, newKey(), Map.of("kind", "RESTART", "instanceId", instanceId)))
                .returns(404, Answer::status);
        assertThat(service.order(STRANGER, newKey(), Map.of("kind", "DELETE", "instanceId", instanceId)))
                .returns(404, Answer::status);
        assertThat(service.order(
                        STRANGER,
                        newKey(),
                        Map.of("kind", "EXTEND", "instanceId", instanceId, "loadProfile", load(10))))
                .returns(404, Answer::status);
        assertThat(service.get(OWNER, "/api/v1/instances/" + instanceId).text("state"))
                .isEqualTo("OPENING");
    }

    @Test
    void listsHoldOnlyWhatIsOnesOwnWhateverIsAskedFor() {
        var opened = service.order(OWNER, newKey(), open("listed"));
        service.order(STRANGER, newKey(), open("listed"));

        for (var query : new String[] {"", "&tenant=owner", "&instanceId=" + opened.text("instanceId")}) {
            var orders = service.get(STRANGER, "/api/v1/orders?limit=200" + query)
                    .json()
                    .path("items");
            assertThat(orders).allMatch(each -> each.path("tenant").asString().equals("stranger"));
        }
        var instances = service.get(STRANGER, "/api/v1/instances?limit=200&tenant=owner")
                .json()
                .path("items");
        assertThat(instances)
                .isNotEmpty()
                .allMatch(each -> each.path("tenant").asString().equals("stranger"));
    }

    @Test
    void operatorsSeeAllAndMayNarrowIt() {
        var opened = service.order(OWNER, newKey(), open("overseen"));

        assertThat(service.get(operator(), "/api/v1/orders/" + opened.id()).status())
                .isEqualTo(200);
        var narrowed =
                service.get(operator(), "/api/v1/orders?tenant=owner").json().path("items");
        assertThat(narrowed)
                .isNotEmpty()
                .allMatch(each -> each.path("tenant").asString().equals("owner"));
    }

    @Test
    void whoBelongsToNoTenantCantOrder() {
        assertThat(service.order(operator(), newKey(), open("nobodys"))).returns(403, Answer::status);
        assertThat(service.order(new As.OtherService(), newKey(), open("nobodys")))
                .returns(403, Answer::status);
        assertThat(service.order(new As.Nobody(), newKey(), open("nobodys"))).returns(401, Answer::status);
    }
}
