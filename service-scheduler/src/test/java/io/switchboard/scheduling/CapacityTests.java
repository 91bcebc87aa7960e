package io.switchboard.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Plans, models and fits over HTTP. */
class CapacityTests {

    private static final String LOAD =
            "\"loadProfile\":{\"agents\":40,\"callsPerHour\":600,\"averageHandlingSeconds\":240}";
    private static final String ACD =
            "\"consumption\":{\"work\":[{\"service\":\"acd\",\"mode\":\"queue+bridge\",\"perCall\":1}],"
                    + "\"base\":{\"cpuMillis\":360,\"memoryMib\":432},\"maxCallsPerTask\":146,\"source\":\"test\"}";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static RunningScheduler scheduler;

    @BeforeAll
    static void start() throws Exception {
        scheduler = new RunningScheduler();
    }

    @AfterAll
    static void stop() throws Exception {
        scheduler.close();
    }

    @Test
    void aTenantLearnsWhatAnOrderWouldTake() {
        var answer = post(
                "acme",
                "plans",
                "{" + LOAD + "," + ACD + ",\"limits\":{\"minTasks\":2,\"maxTasks\":10,\"spareTasks\":1}}");

        assertThat(answer.status).as(answer.text).isEqualTo(200);
        var plan = answer.json().at("/plans/0");
        assertThat(plan.path("work").asString()).isEqualTo("acd (queue+bridge)");
        assertThat(plan.path("tasks").asInt()).isEqualTo(3);
        assertThat(plan.path("callsAtOnce").asInt()).isBetween(50, 70);
        assertThat(plan.at("/perTask/cpuMillis").asInt()).isBetween(400, 600);
        assertThat(plan.path("explanation").toString())
                .contains("erlangs")
                .contains("0.360 base")
                .contains("version");
        assertThat(plan.path("tasksByHalfHour")).isEmpty();
    }

    @Test
    void aWholeCallCenterIsPlannedServiceByService() {
        var answer = post("acme", "plans", "{" + LOAD + ",\"chatsPerHour\":100,\"assumptions\":{\"videoShare\":0.1}}");

        assertThat(answer.json().path("plans"))
                .extracting(plan -> plan.path("work").asString())
                .contains(
                        "acd (queue+bridge)",
                        "ivr (G.711 menu+DTMF)",
                        "recording (PCM file)",
                        "video (1:1 VP8 400k)",
                        "voice-rtp (G.711 relay)",
                        "voice-sip (proxy+registrar)",
                        "web-chat (1:1 chat)");
        assertThat(answer.json().at("/assumptions/videoShare").asDouble()).isEqualTo(0.1);
        assertThat(answer.json().at("/assumptions/selfService").asDouble()).isEqualTo(0.3);
    }

    @Test
    void aDaysShapeTellsTheTasksOfEachHalfHour() {
        var shape = IntStream.range(0, 48)
                .mapToObj(half -> half < 16 ? "0" : half < 36 ? "1" : "0.2")
                .collect(Collectors.joining(",", "[", "]"));
        var load = LOAD.replace("600", "9000");

        var one = post("acme", "plans", "{" + load + "," + ACD + ",\"shape\":" + shape + "}")
                .json();
        var all =
                post("acme", "plans", "{" + load + ",\"shape\":" + shape + "}").json();

        var tasks = one.at("/plans/0/tasksByHalfHour");
        assertThat(tasks).hasSize(48);
        assertThat(tasks.get(0).asInt()).isEqualTo(2);
        assertThat(tasks.get(20).asInt()).isEqualTo(one.at("/plans/0/tasks").asInt());
        assertThat(tasks.get(40).asInt()).isBetween(2, tasks.get(20).asInt() - 1);
        assertThat(all.path("plans"))
                .allSatisfy(plan -> assertThat(plan.path("tasksByHalfHour")).hasSize(48));
    }

    @Test
    void aLoadThatIsTooLargeIsAnsweredWithTheNearestThatIsNot() {
        var limits = ",\"limits\":{\"minTasks\":1,\"maxTasks\":4,\"spareTasks\":1}}";
        var refused = post("acme", "plans", "{" + LOAD.replace("600", "90000") + "," + ACD + limits);

        assertProblem(refused, 409, "LOAD_TOO_LARGE");
        int nearest = refused.json().at("/nearest/callsPerHour").asInt();
        assertThat(nearest).isPositive();
        assertThat(post("acme", "plans", "{" + LOAD.replace("600", "" + nearest) + "," + ACD + limits).status)
                .isEqualTo(200);
        assertThat(post("acme", "plans", "{" + LOAD.replace("600", "" + (nearest + 1)) + "," + ACD + limits).status)
                .isEqualTo(409);
    }

    @Test
    void modelsAreListedInspectedAndCompared() {
        var list = get("operator", "models?inForce=true&service=acd").json();
        assertThat(list).hasSize(1);
        long version = list.at("/0/version").asLong();
        assertThat(list.at("/0/inForce").asBoolean()).isTrue();
        assertThat(list.at("/0/source").asString()).contains("measurements");

        var detail = get("operator", "models/" + version).json();
        assertThat(detail.path("fits")).isNotEmpty().allSatisfy(fit -> {
            assertThat(fit.path("curve")).hasSize(11);
            assertThat(fit.path("seconds").asInt()).isPositive();
            assertThat(fit.path("residualQuantiles").size()).isEqualTo(5);
        });
        assertThat(detail.path("knees")).isNotEmpty();
        assertThat(detail.at("/activations/0/by").asString()).isEqualTo("switchboard");

        var same = get("operator", "models/" + version + "/comparison?with=" + version)
                .json();
        assertThat(same.path("resources"))
                .isNotEmpty()
                .allSatisfy(one ->
                        assertThat(one.path("meanDifferencePercent").asDouble()).isZero());
    }

    @Test
    void aFittedModelIsKeptActivatedUsedAndReverted() {
        var image = "platform/menu@sha256:01";
        var fit = postCsv("operator", "fits?keep=true&image=" + image + "&source=our+lab", menu(0.01));

        assertThat(fit.status).as(fit.text).isEqualTo(200);
        var work = fit.json().at("/models/0");
        assertThat(work.path("service").asString()).isEqualTo("ivr");
        long version = work.path("version").asLong();
        assertThat(get("operator", "models/" + version)
                        .json()
                        .at("/model/inForce")
                        .asBoolean())
                .isFalse();

        var before = planFor(image);
        assertThat(post("operator", "models/" + version + "/activate", "")
                        .json()
                        .path("inForce")
                        .asBoolean())
                .isTrue();
        var after = planFor(image);
        // Ten times what the shipped model says.
        assertThat(after.at("/plans/0/perTask/cpuMillis").asInt())
                .isGreaterThan(2 * before.at("/plans/0/perTask/cpuMillis").asInt());
        assertThat(after.at("/plans/0/explanation").toString()).contains("of this image, from our lab");

        assertThat(post("operator", "models/" + version + "/revert", "")
                        .json()
                        .path("source")
                        .asString())
                .contains("measurements");
        assertThat(planFor(image).at("/plans/0/perTask")).isEqualTo(before.at("/plans/0/perTask"));
        assertProblem(post("operator", "models/" + version + "/revert", ""), 409, "MODEL_NOT_IN_FORCE");
    }

    @Test
    void theSameRowsInJsonGiveTheSameModel() {
        var csv = menu(0.002);
        var lines = csv.lines().toList();
        var names = lines.getFirst().split(",");
        var rows = lines.stream()
                .skip(1)
                .map(line -> {
                    var cells = line.split(",");
                    return IntStream.range(0, names.length)
                            .mapToObj(cell -> "\"%s\":%s"
                                    .formatted(
                                            names[cell],
                                            cells[cell].matches("[0-9.eE-]+")
                                                    ? cells[cell]
                                                    : "\"" + cells[cell] + "\""))
                            .collect(Collectors.joining(",", "{", "}"));
                })
                .collect(Collectors.joining(",", "[", "]"));

        var fromCsv = postCsv("operator", "fits", csv).json();
        var fromJson = post("operator", "fits", rows).json();

        assertThat(fromJson).isEqualTo(fromCsv);
        assertThat(fromCsv.at("/models/0").has("version")).isFalse();
    }

    @Test
    void whatIsPutAsideIsCounted() {
        var answer = postCsv("operator", "fits", menu(0.002) + "ivr,PCMU,1,10,0.1,-5,30000000\nivr,PCMU,2,10,0.1,x,1\n")
                .json();

        assertThat(answer.at("/rejected/negative").asLong()).isEqualTo(1);
        assertThat(answer.at("/rejected/unreadable").asLong()).isEqualTo(1);
    }

    @Test
    void samplesAreKeptOnceAndWhatCanNotBeTrueIsCounted() {
        var poisoned = menu(0.002)
                + "ivr,PCMU,1700001000,10,0.1,NaN,30000000\n"
                + "ivr,PCMU,1700001001,10,0.1,-1,30000000\n"
                + "ivr,PCMU,1700000100.5,50,0.8,500,32000000\n"
                + "ivr,PCMU,1700009000,50,0.8,500,32000000\n"
                + "ivr,PCMU,4700001003,10,0.1,0.1,30000000\n"
                + "ivr,PCMU,12,10,0.1,0.1,30000000\n";

        var first = postCsv("service", "samples?image=platform/menu&task=a", poisoned)
                .json();
        var again = postCsv("operator", "samples?image=platform/menu&task=a", poisoned)
                .json();

        assertThat(first.path("rows").asInt()).isEqualTo(246);
        assertThat(first.path("kept").asInt()).isEqualTo(244);
        assertThat(first.at("/rejected/time").asInt()).isEqualTo(2);
        assertThat(first.at("/rejected/negative").asInt()).isEqualTo(1);
        assertThat(first.at("/rejected/unreadable").asInt()).isEqualTo(1);
        assertThat(first.at("/rejected/outlier").asInt()).isEqualTo(1);
        assertThat(first.at("/rejected/implausible").asInt()).isEqualTo(1);
        assertThat(again.path("kept").asInt()).isZero();
        assertThat(again.path("known").asInt()).isEqualTo(244);
        assertThat(get("operator", "history?service=ivr&mode=none").json()).isEmpty();
    }

    private record Bad(String holder, String path, String type, String body, int status, String code) {

        @Override
        public String toString() {
            return holder + " " + path + " " + (body.length() > 60 ? body.substring(0, 60) : body) + " → " + code;
        }
    }

    static Stream<Bad> bad() {
        return Stream.of(
                plan("", 400, "MALFORMED_BODY"),
                plan("{", 400, "MALFORMED_BODY"),
                plan("[]", 400, "MALFORMED_BODY"),
                plan("{}", 400, "INVALID_REQUEST"),
                plan("{\"loadProfile\":null}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + ",\"colour\":1}", 400, "UNKNOWN_FIELD"),
                plan("{" + LOAD.replace("40", "0") + "}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD.replace("600", "-1") + "}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD.replace("600", "10000001") + "}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD.replace("600", "\"600\"") + "}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD.replace("600", "600.5") + "}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD.replace("600", "1e99") + "}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD.replace(":240", ":86401") + "}", 400, "INVALID_REQUEST"),
                plan(
                        "{" + LOAD + ",\"limits\":{\"minTasks\":0,\"maxTasks\":1,\"spareTasks\":0}}",
                        400,
                        "INVALID_REQUEST"),
                plan(
                        "{" + LOAD + ",\"limits\":{\"minTasks\":1,\"maxTasks\":10001,\"spareTasks\":0}}",
                        400,
                        "INVALID_REQUEST"),
                plan(
                        "{" + LOAD + ",\"limits\":{\"minTasks\":1,\"maxTasks\":9,\"spareTasks\":11}}",
                        400,
                        "INVALID_REQUEST"),
                plan(
                        "{" + LOAD + "," + ACD + ",\"limits\":{\"minTasks\":2,\"maxTasks\":2,\"spareTasks\":1}}",
                        409,
                        "LOAD_TOO_LARGE"),
                plan("{" + LOAD + ",\"assumptions\":{\"mood\":1}}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + ",\"assumptions\":{\"selfService\":1.5}}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + ",\"assumptions\":{\"selfService\":null}}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + ",\"assumptions\":{\"selfService\":NaN}}", 400, "MALFORMED_BODY"),
                plan("{" + LOAD + ",\"assumptions\":{\"streamsPerRecording\":1.5}}", 400, "INVALID_REQUEST"),
                plan(
                        "{" + LOAD.replace("600", "10000000") + ",\"assumptions\":{\"patienceSeconds\":7200}}",
                        400,
                        "INVALID_REQUEST"),
                plan("{" + LOAD + ",\"shape\":[1]}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + ",\"shape\":[" + "0.5,".repeat(47) + "0.5]}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + ",\"shape\":[" + "1,".repeat(47) + "2]}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + ",\"shape\":[" + "1,".repeat(47) + "null]}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + ",\"chatsPerHour\":-1}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + "," + ACD + ",\"chatsPerHour\":5}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + "," + ACD.replace("146", "0") + "}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + "," + ACD.replace("\"perCall\":1", "\"perCall\":0") + "}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + "," + ACD.replace("360", "-1") + "}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + "," + ACD.replace("\"acd\"", "\"fax\"") + "}", 409, "NO_MODEL"),
                plan("{" + LOAD + "," + ACD.replace("\"acd\"", "\"\"") + "}", 400, "INVALID_REQUEST"),
                plan("{" + LOAD + "," + ACD.replace("\"service\":\"acd\",", "") + "}", 400, "INVALID_REQUEST"),
                plan(
                        "{" + LOAD + ",\"consumption\":{\"work\":[],\"maxCallsPerTask\":1,\"source\":\"x\"}}",
                        400,
                        "INVALID_REQUEST"),
                plan("{" + LOAD + ",\"image\":\"\"}", 400, "INVALID_REQUEST"),
                new Bad("acme", "models", "", "", 403, "FORBIDDEN"),
                new Bad("service", "models", "", "", 403, "FORBIDDEN"),
                new Bad("acme", "models/1", "", "", 403, "FORBIDDEN"),
                new Bad("acme", "models/1/activate", "application/json", "", 403, "FORBIDDEN"),
                new Bad("acme", "fits", "text/csv", "service\n", 403, "FORBIDDEN"),
                new Bad("operator", "models?limit=0", "", "", 400, "INVALID_REQUEST"),
                new Bad("operator", "models?limit=1001", "", "", 400, "INVALID_REQUEST"),
                new Bad("operator", "models?limit=x", "", "", 400, "INVALID_REQUEST"),
                new Bad("operator", "models?inForce=perhaps", "", "", 400, "INVALID_REQUEST"),
                new Bad("operator", "models?service=%00", "", "", 400, "INVALID_REQUEST"),
                new Bad("operator", "models?image=%00", "", "", 400, "INVALID_REQUEST"),
                new Bad("operator", "models/999999", "", "", 404, "NOT_FOUND"),
                new Bad("operator", "models/x", "", "", 400, "INVALID_REQUEST"),
                new Bad("operator", "models/1/comparison", "", "", 400, "INVALID_REQUEST"),
                new Bad("operator", "models/1/comparison?with=999999", "", "", 404, "NOT_FOUND"),
                new Bad("operator", "models/1/comparison?with=2", "", "", 409, "MODELS_DIFFER"),
                new Bad("operator", "models/1/revert", "application/json", "", 409, "NOTHING_BEFORE"),
                new Bad("operator", "models/999999/activate", "application/json", "", 404, "NOT_FOUND"),
                fit("", "", "MALFORMED_BODY"),
                fit("", "a,b\n1,2\n", "SAMPLES_UNREADABLE"),
                fit("", "service,cpu_cores_used\n", "NOTHING_TO_FIT"),
                fit("", "service,cpu_cores_used\nivr,NaN\n", "NOTHING_TO_FIT"),
                fit("", "service,cpu_cores_used\nivr,-1\n", "NOTHING_TO_FIT"),
                fit("?tenant=acme", "service,cpu_cores_used\nivr,1\n", "INVALID_REQUEST"),
                fit("?source=%20", "service,cpu_cores_used\nivr,1\n", "INVALID_REQUEST"),
                fit("?image=" + "x".repeat(501), "service,cpu_cores_used\nivr,1\n", "INVALID_REQUEST"),
                new Bad("operator", "fits", "application/json", "{}", 400, "MALFORMED_BODY"),
                new Bad("operator", "fits", "application/json", "[]", 400, "SAMPLES_UNREADABLE"),
                new Bad("operator", "fits", "application/json", "[null]", 400, "INVALID_REQUEST"),
                new Bad("operator", "fits", "application/json", "[{\"service\":{}}]", 400, "INVALID_REQUEST"),
                new Bad("operator", "fits", "application/json", "[1]", 400, "INVALID_REQUEST"),
                new Bad("acme", "samples?task=a", "text/csv", "service\n", 403, "FORBIDDEN"),
                new Bad("acme", "history?service=a&mode=b", "", "", 403, "FORBIDDEN"),
                new Bad("operator", "history?service=a", "", "", 400, "INVALID_REQUEST"),
                new Bad("operator", "history?service=%00&mode=x", "", "", 400, "INVALID_REQUEST"),
                new Bad("operator", "samples", "text/csv", "service,cpu_cores_used\n", 400, "INVALID_REQUEST"),
                new Bad("operator", "samples?task=%20", "text/csv", "service,cpu_cores_used\n", 400, "INVALID_REQUEST"),
                new Bad(
                        "operator",
                        "samples?task=a&tenant=b",
                        "text/csv",
                        "service,cpu_cores_used\n",
                        400,
                        "INVALID_REQUEST"),
                new Bad("operator", "samples?task=a", "text/csv", "x", 400, "SAMPLES_UNREADABLE"),
                new Bad("operator", "samples?task=a", "application/json", "{\"a\":1}", 400, "MALFORMED_BODY"),
                new Bad("operator", "fits", "text/plain", "x", 415, "UNSUPPORTED_MEDIA_TYPE"));
    }

    private static Bad plan(String body, int status, String code) {
        return new Bad("acme", "plans", "application/json", body, status, code);
    }

    private static Bad fit(String query, String csv, String code) {
        return new Bad("operator", "fits" + query, "text/csv", csv, 400, code);
    }

    @ParameterizedTest
    @MethodSource
    void bad(Bad input) {
        var answer = input.type.isEmpty()
                ? get(input.holder, input.path)
                : send(input.holder, input.path, input.type, input.body);

        assertProblem(answer, input.status, input.code);
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status).as(answer.text).isEqualTo(status);
        assertThat(answer.json().path("code").asString()).as(answer.text).isEqualTo(code);
        assertThat(answer.json().path("remedy").asString()).isNotEmpty();
        assertThat(answer.json().path("fault").asString()).isNotEmpty();
        assertThat(answer.json().path("detail").asString()).endsWith(".");
    }

    /** Twelve loads of twenty seconds each on a voice menu. */
    private static String menu(double perCall) {
        var csv = new StringBuilder("service,codec,timestamp,concurrent_calls,call_rate,cpu_cores_used,mem_bytes\n");
        for (int second = 0; second < 240; second++) {
            int calls = 10 * (second / 20);
            double scatter = 1 + 0.05 * Math.sin(second * 1.7);
            csv.append(String.format(
                    Locale.ROOT,
                    "ivr,PCMU,%d,%d,%.3f,%.5f,%d%n",
                    1_700_000_000 + second,
                    calls,
                    calls / 60.0,
                    (0.02 + perCall * calls) * scatter,
                    30_000_000 + 40_000 * calls));
        }
        return csv.toString();
    }

    private static JsonNode planFor(String image) {
        return post(
                        "acme",
                        "plans",
                        "{" + LOAD + ","
                                + ACD.replace("acd", "ivr")
                                        .replace("queue+bridge", "G.711 menu+DTMF")
                                        .replace("360", "0")
                                + ",\"image\":\"" + image + "\"}")
                .json();
    }

    private record Answer(int status, String text) {

        JsonNode json() {
            return JsonMapper.shared().readTree(text);
        }
    }

    private static Answer get(String holder, String path) {
        return answer(request(holder, path).GET());
    }

    private static Answer post(String holder, String path, String json) {
        return send(holder, path, "application/json", json);
    }

    private static Answer postCsv(String holder, String path, String csv) {
        return send(holder, path, "text/csv", csv);
    }

    private static Answer send(String holder, String path, String type, String body) {
        return answer(request(holder, path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    private static HttpRequest.Builder request(String holder, String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://localhost:%d/api/v1/capacity/%s".formatted(scheduler.port(), path)))
                .header("Authorization", "Bearer " + holder);
    }

    private static Answer answer(HttpRequest.Builder request) {
        try {
            var answer = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
