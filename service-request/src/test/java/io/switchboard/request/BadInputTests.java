package io.switchboard.request;

import static io.switchboard.request.Service.newKey;
import static io.switchboard.request.Service.open;
import static io.switchboard.request.Service.operator;
import static io.switchboard.request.Service.tenant;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.request.Service.Answer;
import io.switchboard.request.Service.As;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.test.context.TestConstructor;
import tools.jackson.databind.json.JsonMapper;

/** Whatever is wrong with a request: it gets 4xx with a code and a remedy, and leaves nothing behind. */
@RequestTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class BadInputTests {

    private static final As ACME = tenant("clumsy");
    private static final String GOOD = JsonMapper.shared().writeValueAsString(open("never-stored"));
    private static final UUID UNKNOWN = UUID.fromString("01930000-0000-7000-8000-000000000000");

    private final Service service;
    private UUID foreign = UNKNOWN;

    BadInputTests(Service service) {
        this.service = service;
    }

    /** @param body as it goes over the wire */
    record Bad(String what, String body) {

        @Override
        public String toString() {
            return what;
        }
    }

    @BeforeEach
    void anInstanceOfSomebodyElse() {
        var owner = tenant("careful");
        var items = service.get(owner, "/api/v1/instances?limit=1").json().path("items");
        foreign = items.isEmpty()
                ? UUID.fromString(
                        service.order(owner, newKey(), open("careful")).text("instanceId"))
                : UUID.fromString(items.get(0).path("id").asString());
    }

    private static String after(String others) {
        return GOOD.substring(0, GOOD.lastIndexOf('}')) + ",\"dependsOn\":[" + others + "]}";
    }

    static Stream<Bad> bodies() {
        var deep = "[".repeat(2000) + "]".repeat(2000);
        var wide = "{\"a\":".repeat(400) + "1" + "}".repeat(400);
        return Stream.of(
                new Bad("nothing", ""),
                new Bad("blank", "   "),
                new Bad("no JSON", "hello"),
                new Bad("cut JSON", GOOD.substring(0, GOOD.length() - 5)),
                new Bad("more after it", GOOD + "{}"),
                new Bad("null", "null"),
                new Bad("array", "[" + GOOD + "]"),
                new Bad("text", "\"OPEN\""),
                new Bad("number", "7"),
                new Bad("empty object", "{}"),
                new Bad("unknown kind", GOOD.replace("OPEN", "SUSPEND")),
                new Bad("kind in lower case", GOOD.replace("OPEN", "open")),
                new Bad("kind as number", GOOD.replace("\"OPEN\"", "0")),
                new Bad("kind as null", GOOD.replace("\"OPEN\"", "null")),
                new Bad("unknown service type", GOOD.replace("\"acd\"", "\"fax\"")),
                new Bad(
                        "service type without image",
                        GOOD.replace("\"acd\"", "\"video\"").replace("queue", "x")),
                new Bad(
                        "service type without image and parameters",
                        without("parameters").replace("\"acd\"", "\"chat\"")),
                new Bad("service type of 10,000 letters", GOOD.replace("\"acd\"", "\"" + "a".repeat(10_000) + "\"")),
                new Bad("service type with a path in it", GOOD.replace("\"acd\"", "\"../acd\"")),
                new Bad("service type with NUL", GOOD.replace("\"acd\"", "\"acd\\u0000\"")),
                new Bad("service type null", GOOD.replace("\"acd\"", "null")),
                new Bad("service type as object", GOOD.replace("\"acd\"", "{\"name\":\"acd\"}")),
                new Bad("service type missing", without("serviceType")),
                new Bad("unknown plan", GOOD.replace("standard", "platinum")),
                new Bad("plan blank", GOOD.replace("standard", " ")),
                new Bad("plan missing", without("plan")),
                new Bad("name missing", without("name")),
                new Bad("name null", GOOD.replace("\"never-stored\"", "null")),
                new Bad("name empty", GOOD.replace("never-stored", "")),
                new Bad("name in upper case", GOOD.replace("never-stored", "Never")),
                new Bad("name in Chinese", GOOD.replace("never-stored", "客服")),
                new Bad("name with a look-alike letter", GOOD.replace("never-stored", "nеver")),
                new Bad("name with a path", GOOD.replace("never-stored", "../../etc/passwd")),
                new Bad("name with a dot", GOOD.replace("never-stored", "a.b")),
                new Bad("name with a line end", GOOD.replace("never-stored", "never\\n")),
                new Bad("name with NUL", GOOD.replace("never-stored", "never\\u0000")),
                new Bad("name ends with a dash", GOOD.replace("never-stored", "never-")),
                new Bad("name of 41 letters", GOOD.replace("never-stored", "n".repeat(41))),
                new Bad("name as number", GOOD.replace("\"never-stored\"", "12")),
                new Bad("name with SQL", GOOD.replace("never-stored", "x'; drop table orders; --")),
                new Bad("unknown field", GOOD.replace("\"plan\"", "\"colour\":\"red\",\"plan\"")),
                new Bad("tenant as field", GOOD.replace("\"plan\"", "\"tenant\":\"careful\",\"plan\"")),
                new Bad("repeated field", GOOD.replace("\"plan\"", "\"plan\":\"basic\",\"plan\"")),
                new Bad("repeated kind", GOOD.replace("\"plan\"", "\"kind\":\"DELETE\",\"plan\"")),
                new Bad("no load profile", without("loadProfile")),
                new Bad("load profile null", withLoad("null")),
                new Bad("load profile as array", withLoad("[20,600,180]")),
                new Bad("load profile empty", withLoad("{}")),
                new Bad("no agents", withLoad("{\"callsPerHour\":600,\"averageHandlingSeconds\":180}")),
                new Bad("no calls", withLoad("{\"agents\":20,\"averageHandlingSeconds\":180}")),
                new Bad("agents negative", withAgents("-1")),
                new Bad("agents zero", withAgents("0")),
                new Bad("agents too many", withAgents("100001")),
                new Bad("agents beyond int", withAgents("2147483648")),
                new Bad("agents beyond long", withAgents("99999999999999999999")),
                new Bad("agents with a thousand digits", withAgents("9".repeat(1001))),
                new Bad("agents with exponent", withAgents("1e999999")),
                new Bad("agents as fraction", withAgents("20.5")),
                new Bad("agents as whole fraction", withAgents("20.0")),
                new Bad("agents as text", withAgents("\"20\"")),
                new Bad("agents as boolean", withAgents("true")),
                new Bad("agents null", withAgents("null")),
                new Bad("agents NaN", withAgents("NaN")),
                new Bad("agents infinite", withAgents("Infinity")),
                new Bad("agents in hexadecimal", withAgents("0x14")),
                new Bad("agents with leading zero", withAgents("020")),
                new Bad("agents as array", withAgents("[20]")),
                new Bad("unknown field in the load profile", withAgents("20,\"seats\":3")),
                new Bad(
                        "more calls than the plan carries",
                        withLoad("{\"agents\":20,\"callsPerHour\":10000000,\"averageHandlingSeconds\":3600}")),
                new Bad("parameters as array", withParameters("[]")),
                new Bad("parameters as text", withParameters("\"queue\"")),
                new Bad("unknown parameter", withParameters("{\"colour\":\"red\"}")),
                new Bad("parameter of the wrong type", withParameters("{\"wrapUpSeconds\":\"15\"}")),
                new Bad("parameter null", withParameters("{\"queue\":null}")),
                new Bad("parameter out of range", withParameters("{\"wrapUpSeconds\":-1}")),
                new Bad("parameter too long a number", withParameters("{\"wrapUpSeconds\":" + "9".repeat(900) + "}")),
                new Bad("parameter with exponent", withParameters("{\"wrapUpSeconds\":1e400}")),
                new Bad("parameter not of the list", withParameters("{\"strategy\":\"random\"}")),
                new Bad("parameter with a broken pattern", withParameters("{\"queue\":\"UPPER\\u0000\"}")),
                new Bad("parameter as object", withParameters("{\"queue\":{\"a\":1}}")),
                new Bad("parameters deeper than any", withParameters("{\"queue\":" + deep + "}")),
                new Bad("parameters 400 deep", withParameters("{\"queue\":" + wide + "}")),
                new Bad("three parameters wrong", withParameters("{\"a\":1,\"wrapUpSeconds\":-1,\"strategy\":3}")),
                new Bad("too large a body", withParameters("{\"queue\":\"" + "q".repeat(300_000) + "\"}")),
                new Bad("EXTEND without anything", "{\"kind\":\"EXTEND\"}"),
                new Bad("RESTART with a bad id", "{\"kind\":\"RESTART\",\"instanceId\":\"12\"}"),
                new Bad(
                        "RESTART with an id of 10,000 letters",
                        "{\"kind\":\"RESTART\",\"instanceId\":\"" + "f".repeat(10_000) + "\"}"),
                new Bad("RESTART with null", "{\"kind\":\"RESTART\",\"instanceId\":null}"),
                new Bad(
                        "RESTART with a load profile",
                        "{\"kind\":\"RESTART\",\"instanceId\":\"" + UNKNOWN
                                + "\",\"loadProfile\":{\"agents\":20,\"callsPerHour\":600,\"averageHandlingSeconds\":180}}"),
                new Bad("OPEN after what isn't there", after("\"" + UNKNOWN + "\"")),
                new Bad("OPEN after no id", after("\"soon\"")),
                new Bad("OPEN after null", after("null")),
                new Bad("UPGRADE of what isn't there", "{\"kind\":\"UPGRADE\",\"instanceId\":\"" + UNKNOWN + "\"}"),
                new Bad(
                        "UPGRADE with nobody on trial",
                        "{\"kind\":\"UPGRADE\",\"instanceId\":\"" + UNKNOWN
                                + "\",\"canary\":{\"tasks\":0,\"minutes\":5}}"),
                new Bad(
                        "UPGRADE with a trial of years",
                        "{\"kind\":\"UPGRADE\",\"instanceId\":\"" + UNKNOWN
                                + "\",\"canary\":{\"tasks\":1,\"minutes\":1000000}}"),
                new Bad("RESTART of what isn't there", "{\"kind\":\"RESTART\",\"instanceId\":\"" + UNKNOWN + "\"}"),
                new Bad("DELETE of what isn't there", "{\"kind\":\"DELETE\",\"instanceId\":\"" + UNKNOWN + "\"}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void aBadOrderIsRefused(Bad bad) {
        refused(() -> service.send(service.request(ACME, "/api/v1/orders")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", newKey())
                .POST(BodyPublishers.ofString(bad.body()))));
    }

    @Test
    void aNumberThatIsTooLargeIsNamed() {
        var answer = service.send(service.request(ACME, "/api/v1/orders")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", newKey())
                .POST(BodyPublishers.ofString(withAgents("99999999999"))));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("loadProfile.agents");
        assertThat(answer.json().path("detail").asString())
                .isEqualTo("1 field is not valid: loadProfile.agents is a number out of range.");
    }

    @Test
    void whatAnOrderMayBeIsNamed() {
        var answer = service.order(ACME, newKey(), Map.of("kind", "SUSPEND"));

        assertThat(answer.text("code")).isEqualTo("INVALID_REQUEST");
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("kind");
        assertThat(answer.json().at("/errors/0/message").asString())
                .isEqualTo("must be one of OPEN, EXTEND, UPGRADE, RESTART, DELETE");
    }

    @Test
    void theFormOfANameIsSaidInWords() {
        var answer = service.send(service.request(ACME, "/api/v1/orders")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", newKey())
                .POST(BodyPublishers.ofString(GOOD.replace("never-stored", "Never"))));

        assertThat(answer.json().at("/errors/0/message").asString())
                .startsWith("must be lower-case letters, digits and dashes");
    }

    static Stream<String> keys() {
        return Stream.of("k".repeat(129), "with space", "tab\tbed", "");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void aBadKeyIsRefused(String key) {
        refused(() -> service.send(service.request(ACME, "/api/v1/orders")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(GOOD))));
    }

    @Test
    void anOrderNeedsAKeyAndTheRightContentType() {
        var keyless = refused(() -> service.send(service.request(ACME, "/api/v1/orders")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(GOOD))));
        assertThat(keyless.text("code")).isEqualTo("IDEMPOTENCY_KEY_INVALID");
        assertThat(keyless.text("detail")).isEqualTo("The header 'Idempotency-Key' is missing.");
        for (var type : new String[] {"text/plain", "application/xml", "application/x-www-form-urlencoded"}) {
            refused(() -> service.send(service.request(ACME, "/api/v1/orders")
                    .header("Content-Type", type)
                    .header("Idempotency-Key", newKey())
                    .POST(BodyPublishers.ofString(GOOD))));
        }
        refused(() -> service.send(service.request(ACME, "/api/v1/orders")
                .header("Idempotency-Key", newKey())
                .POST(BodyPublishers.ofString(GOOD))));
        refused(() -> service.send(service.request(ACME, "/api/v1/orders")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", newKey())
                .PUT(BodyPublishers.ofString(GOOD))));
    }

    @Test
    void ordersOnWhatIsAnothersAreRefused() {
        for (var kind : new String[] {"RESTART", "DELETE"}) {
            var answer = refused(() -> service.order(ACME, newKey(), Map.of("kind", kind, "instanceId", foreign)));
            assertThat(answer.status()).isEqualTo(404);
        }
    }

    static Stream<String> paths() {
        return Stream.of(
                "/api/v1/orders?limit=0",
                "/api/v1/orders?limit=-1",
                "/api/v1/orders?limit=100000",
                "/api/v1/orders?limit=ten",
                "/api/v1/orders?limit=99999999999",
                "/api/v1/orders?cursor=x",
                "/api/v1/orders?cursor=%00",
                "/api/v1/orders?cursor=AAAAAAAAAAAAAAAAAAAAAAA",
                "/api/v1/orders?cursor=" + "A".repeat(5000),
                "/api/v1/orders?state=DONE",
                "/api/v1/orders?instanceId=12",
                "/api/v1/instances?limit=201",
                "/api/v1/instances?cursor=..",
                "/api/v1/orders/12",
                "/api/v1/orders/" + UNKNOWN,
                "/api/v1/orders/" + UNKNOWN + "/events",
                "/api/v1/instances/" + UNKNOWN,
                "/api/v1/instances/-1",
                "/api/v1/catalog/fax",
                "/api/v1/nothing",
                "/api/v2/orders");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("paths")
    void aBadAddressIsRefused(String path) {
        refused(() -> service.get(ACME, path));
    }

    @Test
    void aPathWithTricksDoesntGetPastTheWebServer() {
        var before = service.rows();
        for (var path : new String[] {"/api/v1/orders/..%2f..%2fetc", "/api/v1/orders/%00", "/api/v1/catalog/%00"}) {
            var answer = service.get(ACME, path);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text("code")).isEqualTo("MALFORMED_REQUEST");
        }
        assertThat(service.rows()).isEqualTo(before);
    }

    /** By hand, because the JDK's client would replace the letter. */
    @Test
    void aKeyBeyondAsciiIsRefused() throws IOException {
        var before = service.rows();

        var answer = service.sendRaw(ACME, "POST /api/v1/orders", "Idempotency-Key: schlüssel", GOOD);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("IDEMPOTENCY_KEY_INVALID");
        assertThat(service.rows()).isEqualTo(before);
    }

    @Test
    void anOperatorsBadInputIsRefusedToo() {
        refused(() -> service.get(operator(), "/api/v1/orders?tenant=%00"));
        refused(() -> service.get(operator(), "/api/v1/instances?tenant=Acme"));
        refused(() -> service.put(operator(), "/api/v1/tenants/UPPER", Map.of("title", "x")));
        refused(() -> service.put(operator(), "/api/v1/tenants/" + "a".repeat(32), Map.of("title", "x")));
        refused(() -> service.put(operator(), "/api/v1/tenants/fine", Map.of("title", "")));
        refused(() -> service.put(operator(), "/api/v1/tenants/fine", Map.of("title", "with\u0000nul")));
        refused(() -> service.put(operator(), "/api/v1/tenants/fine", Map.of("title", "x".repeat(101))));
        refused(() ->
                service.put(operator(), "/api/v1/tenants/demo/users/Ada", Map.of("password", "long enough for all")));
        refused(() -> service.put(operator(), "/api/v1/tenants/demo/users/ada", Map.of("password", "short")));
        refused(() ->
                service.put(operator(), "/api/v1/tenants/nobody/users/ada", Map.of("password", "long enough for all")));
        refused(() -> service.post(operator(), "/api/v1/tenants/nobody/api-keys", Map.of("label", "x")));
        refused(() -> service.post(operator(), "/api/v1/tenants/demo/api-keys", Map.of("label", "\u0007")));
        refused(() -> service.put(operator(), "/api/v1/catalog/acd/image", Map.of("reference", "UPPER case")));
        refused(() -> service.put(operator(), "/api/v1/catalog/acd/image", Map.of("reference", "a@sha256:12")));
        refused(() -> service.put(operator(), "/api/v1/catalog/acd/image", Map.of()));
        refused(() -> service.put(operator(), "/api/v1/catalog/fax/image", Map.of("reference", "a/b")));
        refused(() -> service.put(ACME, "/api/v1/catalog/acd/image", Map.of("reference", "a/b")));
    }

    @Test
    void aStreamResumesOnlyFromAnIdOfItsOwn() {
        for (var id : new String[] {"x", "-1", "1-", "99999999999999999999-1"}) {
            refused(() -> service.send(service.request(ACME, "/api/v1/events")
                    .header("Last-Event-ID", id)
                    .GET()));
        }
    }

    @Test
    void everythingWrongWithParametersIsNamedAtOnce() {
        var answer = service.send(service.request(ACME, "/api/v1/orders")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", newKey())
                .POST(BodyPublishers.ofString(withParameters("{\"a\":1,\"wrapUpSeconds\":-1,\"strategy\":3}"))));

        assertThat(answer.text("code")).isEqualTo("PARAMETERS_INVALID");
        assertThat(answer.json().path("errors")).hasSize(3);
    }

    @Test
    void tooMuchLoadIsAnsweredWithWhatWouldFit() {
        var answer = orderWithCalls(60_000);

        assertThat(answer.text("code")).isEqualTo("LOAD_TOO_LARGE");
        assertThat(answer.json().at("/nearest/plan").asString()).isEqualTo("elastic");
        int nearest = answer.json().at("/nearest/callsPerHour").asInt();
        assertThat(nearest).isBetween(20_000, 9 * 146 * 20);
        assertThat(orderWithCalls(nearest + 1).text("code")).isEqualTo("LOAD_TOO_LARGE");
        assertThat(orderWithCalls(nearest).status()).isEqualTo(202);
    }

    private Answer orderWithCalls(int callsPerHour) {
        var body = open("fits-" + callsPerHour);
        body.put("loadProfile", Service.load(callsPerHour));
        return service.order(ACME, newKey(), body);
    }

    private Answer refused(Supplier<Answer> call) {
        var before = service.rows();

        var answer = call.get();

        assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
        assertThat(answer.headers().get("content-type")).startsWith("application/problem+json");
        assertThat(answer.text("code")).isNotEmpty();
        assertThat(answer.text("remedy")).isNotEmpty();
        assertThat(service.rows()).isEqualTo(before);
        return answer;
    }

    private static String without(String field) {
        var body = open("never-stored");
        body.remove(field);
        return JsonMapper.shared().writeValueAsString(body);
    }

    private static String with(String field, String json) {
        var body = without(field);
        return body.substring(0, body.length() - 1) + ",\"" + field + "\":" + json + "}";
    }

    private static String withLoad(String json) {
        return with("loadProfile", json);
    }

    private static String withAgents(String json) {
        return withLoad("{\"agents\":" + json + ",\"callsPerHour\":600,\"averageHandlingSeconds\":180}");
    }

    private static String withParameters(String json) {
        return with("parameters", json);
    }
}
