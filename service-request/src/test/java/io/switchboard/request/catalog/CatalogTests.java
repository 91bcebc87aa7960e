package io.switchboard.request.catalog;

import static io.switchboard.request.Service.newKey;
import static io.switchboard.request.Service.open;
import static io.switchboard.request.Service.operator;
import static io.switchboard.request.Service.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.ModelStore;
import io.switchboard.contracts.ordering.CatalogApi.ServiceType;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.PortSpec.Protocol;
import io.switchboard.request.Neighbours;
import io.switchboard.request.RequestTest;
import io.switchboard.request.Service;
import io.switchboard.request.Service.As;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestConstructor;
import tools.jackson.databind.json.JsonMapper;

@RequestTest
@ExtendWith(OutputCaptureExtension.class)
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class CatalogTests {

    private static final As ACME = tenant("browsing");

    private final Service service;
    private final Neighbours neighbours;

    CatalogTests(Service service, Neighbours neighbours) {
        this.service = service;
        this.neighbours = neighbours;
    }

    @Test
    void allSixServiceTypesHavePlansWithSchemasAndASource() {
        var catalog = service.get(ACME, "/api/v1/catalog").json();

        assertThat(catalog)
                .extracting(type -> type.path("name").asString())
                .containsExactly("voice", "acd", "ivr", "recording", "video", "chat");
        for (var type : catalog) {
            assertThat(type.at("/consumption/source").asString()).isNotEmpty();
            assertThat(type.at("/consumption/work"))
                    .isNotEmpty()
                    .allSatisfy(work -> assertThat(ModelStore.shipped()
                                    .find(new Kind(
                                            work.path("service").asString(),
                                            work.path("mode").asString())))
                            .isPresent());
            assertThat(type.path("ports")).isNotEmpty();
            assertThat(type.path("plans"))
                    .extracting(plan -> plan.path("name").asString())
                    .containsExactly("basic", "standard", "elastic");
            for (var plan : type.path("plans")) {
                assertThat(plan.at("/parametersSchema/$schema").asString())
                        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
                assertThat(plan.at("/parametersSchema/additionalProperties").asBoolean(true))
                        .isFalse();
                assertThat(plan.at("/parametersSchema/properties")).isNotEmpty();
            }
        }
    }

    /** Each call has whole pairs of RTP and RTCP, or the last calls of a full task would have no sound. */
    @Test
    void servicesThatSpeakSipOrVideoHavePortsForTheMediaOfAllTheirCalls() {
        assertThat(CatalogConfiguration.shipped())
                .filteredOn(type -> type.ports().stream().anyMatch(port -> port.protocol() == Protocol.RTP))
                .extracting(ServiceType::name)
                .containsExactly("voice", "ivr", "recording", "video");
        CatalogConfiguration.shipped()
                .forEach(type -> type.ports().stream()
                        .filter(port -> port.protocol() == Protocol.RTP)
                        .forEach(port -> assertThat(
                                        port.count() % (2 * type.consumption().maxCallsPerTask()))
                                .isZero()));
    }

    @Test
    void aPortIsReadAsItWasSaidBeforeThereWasMedia() {
        var before = "{\"name\":\"http\",\"protocol\":\"HTTP\",\"containerPort\":8080}";
        var json = JsonMapper.shared();

        assertThat(json.readValue(before, PortSpec.class)).isEqualTo(new PortSpec("http", Protocol.HTTP, 8080));
        assertThat(json.writeValueAsString(new PortSpec("http", Protocol.HTTP, 8080)))
                .isEqualTo(before);
        assertThat(json.readValue("{\"name\":\"rtp\",\"protocol\":\"RTP\",\"count\":4}", PortSpec.class))
                .isEqualTo(new PortSpec("rtp", Protocol.RTP, 0, 4));
    }

    @Test
    void portsForMediaAreCountedAndOthersAreNumbered() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PortSpec("rtp", Protocol.RTP, 0, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> new PortSpec("rtp", Protocol.RTP, 5004, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> new PortSpec("sip", Protocol.SIP_UDP, 5060, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> new PortSpec("sip", Protocol.SIP_UDP, 0));
    }

    @Test
    void theDefaultsThatASchemaNamesKeepToIt() {
        var checks = new ParameterChecks(CatalogConfiguration.shipped().toList());

        CatalogConfiguration.shipped()
                .forEach(type -> type.plans().forEach(plan -> {
                    var properties = (Map<?, ?>) plan.parametersSchema().get("properties");
                    assertThat(properties).isNotNull().allSatisfy((name, rule) -> {
                        var defaultValue = ((Map<?, ?>) rule).get("default");
                        if (defaultValue != null) {
                            assertThat(checks.errors(type.name(), plan.name(), Map.of((String) name, defaultValue)))
                                    .isEmpty();
                        }
                    });
                }));
    }

    @Test
    void anInstanceKeepsTheImageItWasOpenedWith(CapturedOutput output) {
        var digest = "platform/ivr@sha256:" + "a".repeat(64);
        var before = service.order(ACME, newKey(), menu("before-pin"));

        var pinned = service.put(operator(), "/api/v1/catalog/ivr/image", Map.of("reference", digest));

        assertThat(pinned.text("image")).isEqualTo(digest);
        assertThat(output).contains("audit: image.pin of ivr to " + digest + " by operator");
        assertThat(service.get(ACME, "/api/v1/catalog/ivr").text("image")).isEqualTo(digest);
        var after = service.order(ACME, newKey(), menu("after-pin"));
        assertThat(imageOrdered(after.text("instanceId"), 0)).isEqualTo(digest);
        service.order(
                ACME,
                newKey(),
                Map.of("kind", "EXTEND", "instanceId", before.text("instanceId"), "loadProfile", Service.load(50)));
        assertThat(imageOrdered(before.text("instanceId"), 1)).isEqualTo("platform/ivr:0.1.0");

        var moving = service.put(operator(), "/api/v1/catalog/ivr/image", Map.of("reference", "platform/ivr:0.2.0"));
        assertThat(moving.status()).isEqualTo(422);
        assertThat(moving.text("code")).isEqualTo("IMAGE_REFERENCE_INVALID");
        var back = service.put(operator(), "/api/v1/catalog/ivr/image", Map.of("reference", "platform/ivr:0.1.0"));
        assertThat(back.text("image")).isEqualTo("platform/ivr:0.1.0");
    }

    private String imageOrdered(String instanceId, int index) {
        var instance = UUID.fromString(instanceId);
        await().until(() -> neighbours.orders(instance).size() > index);
        return neighbours
                .orders(instance)
                .get(index)
                .order()
                .service()
                .orElseThrow()
                .image();
    }

    private static Map<String, Object> menu(String name) {
        var order = open(name);
        order.put("serviceType", "ivr");
        order.put("parameters", Map.of("greeting", "Welcome", "language", "en"));
        return order;
    }
}
