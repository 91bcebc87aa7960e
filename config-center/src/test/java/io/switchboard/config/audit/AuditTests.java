package io.switchboard.config.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.config.ConfigCenterApplication;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.history.Database;
import io.switchboard.contracts.config.AuditApi.Outcome;
import io.switchboard.contracts.problem.Problem;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.curator.test.TestingServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditTests {

    private static final String ACME = "acme.ann.tenant";
    private static final String ANNS_KEY = "acme.sbk-1.tenant.ann";
    private static final String GLOBEX = "globex.gus.tenant";
    private static final String OPERATOR = "-.olga.operator";
    private static final String SERVICE = "-.service-scheduler.service";
    private static final AtomicInteger NEXT = new AtomicInteger();

    private static TestingServer zookeeper;
    private static EmbeddedPostgres postgres;
    private static ConfigurableApplicationContext context;
    private static JdbcTemplate jdbc;
    private static String[] arguments = {};

    private final JsonMapper json = new JsonMapper();

    /** So that no two tests share one. */
    private final String application = "audited-" + NEXT.incrementAndGet();

    private final String namespace = "/api/v1/config/" + application + "/prod/application";

    @BeforeAll
    static void start() throws Exception {
        zookeeper = new TestingServer(-1, true);
        postgres = EmbeddedPostgres.start();
        arguments = AuditedCenter.arguments(zookeeper.getConnectString(), postgres.getJdbcUrl("postgres", "postgres"));
        context = ConfigCenterApplication.application().run(arguments);
        jdbc = new JdbcTemplate(postgres.getPostgresDatabase());
    }

    @AfterAll
    static void stop() throws Exception {
        context.close();
        postgres.close();
        zookeeper.close();
    }

    @Test
    void everyCallThatChangesSomethingHasAWord() {
        Set<String> mappings = new TreeSet<>();
        context.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(mapping -> mappings.addAll(names(mapping)));
        Set<String> outside = new TreeSet<>();
        Set<String> unnamed = new TreeSet<>();
        for (String mapping : mappings) {
            String path = mapping.substring(mapping.indexOf(' ') + 1);
            if (!path.startsWith("/api/") && !path.startsWith("/internal/")) {
                outside.add(mapping);
            } else if (!mapping.startsWith("GET ") && !Actions.WORDS.containsKey(mapping)) {
                unnamed.add(mapping);
            }
        }

        assertThat(unnamed).isEmpty();
        assertThat(mappings).containsAll(Actions.WORDS.keySet());
        assertThat(Actions.WORDS.values()).doesNotHaveDuplicates();
        // Nothing else that is no change of anybody's takes other credentials.
        assertThat(outside)
                .containsExactlyInAnyOrder(
                        "GET /delivery/v1/{stage}",
                        "GET /delivery/v1/{stage}/events",
                        "PUT /delivery/v1/{stage}/{namespace}/clients/{client}",
                        "* /error");
    }

    private static List<String> names(RequestMappingInfo mapping) {
        return mapping.getPatternValues().stream()
                .flatMap(path -> mapping.getMethodsCondition().getMethods().isEmpty()
                        ? Stream.of("* " + path)
                        : mapping.getMethodsCondition().getMethods().stream().map(method -> method + " " + path))
                .toList();
    }

    @Test
    void everyOneOfThemHasAnEntryHoweverItEnds() throws Exception {
        for (Map.Entry<String, String> one : Actions.WORDS.entrySet()) {
            String[] mapping = one.getKey().split(" ");
            String path = mapping[1]
                    .replace("{application}", application)
                    .replace("{stage}", "prod")
                    .replace("{namespace}", "application")
                    .replaceAll("\\{[a-z]+}", "some-id");
            HttpResponse<String> answer =
                    send("walk-" + one.getValue(), ACME, mapping[0], path, mapping[0].equals("GET") ? null : "{}");

            JsonNode entry = ended(one.getValue(), "walk-" + one.getValue());
            assertThat(entry.get("status").asInt()).as(one.getKey()).isEqualTo(answer.statusCode());
            assertThat(entry.get("actor").asString()).isEqualTo("ann");
            if (mapping[1].contains("{application}")) {
                assertThat(entry.get("application").asString()).isEqualTo(application);
            }
            if (mapping[1].contains("{id}")) {
                assertThat(entry.get("object").asString()).isEqualTo("some-id");
            }
        }
    }

    @Test
    void anEntryTellsWhoDidWhatToWhatByWhichKey() throws Exception {
        publish("whole", ACME);
        send("by-key", ANNS_KEY, "PUT", namespace + "/draft/items", "{\"items\":{\"a\":\"2\"}}");
        send("by-operator", OPERATOR, "PUT", namespace + "/draft/items?tenant=acme", "{\"items\":{\"a\":\"3\"}}");

        JsonNode published = ended("release.publish", "whole");
        assertThat(published.get("outcome").asString()).isEqualTo("DONE");
        assertThat(published.get("status").asInt()).isEqualTo(201);
        assertThat(published.get("tenant").asString()).isEqualTo("acme");
        assertThat(published.get("actor").asString()).isEqualTo("ann");
        assertThat(published.has("apiKey")).isFalse();
        assertThat(published.get("stage").asString()).isEqualTo("prod");
        assertThat(published.get("namespace").asString()).isEqualTo("application");
        assertThat(ended("draft.change", "by-key").get("apiKey").asString()).isEqualTo("sbk-1");
        assertThat(ended("draft.change", "by-key").get("actor").asString()).isEqualTo("ann");
        assertThat(ended("draft.change", "by-operator").get("actor").asString()).isEqualTo("olga");

        ended("draft.change", "whole-draft");
        assertThat(requests(ACME, "")).containsExactly("by-operator", "by-key", "whole", "whole-draft");
        assertThat(requests(ACME, "&actor=ann")).containsExactly("by-key", "whole", "whole-draft");
        assertThat(requests(ACME, "&actor=sbk-1")).containsExactly("by-key");
        assertThat(requests(ACME, "&action=release.publish")).containsExactly("whole");
        assertThat(requests(ACME, "&stage=prod&namespace=application&outcome=DONE"))
                .hasSize(4);
        assertThat(requests(ACME, "&stage=test")).isEmpty();
        assertThat(requests(ACME, "&namespace=other")).isEmpty();
        assertThat(requests(ACME, "&outcome=FAILED")).isEmpty();
        assertThat(requests(ACME, "&from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"))
                .hasSize(4);
        assertThat(requests(ACME, "&from=2100-01-01T00:00:00Z")).isEmpty();
        assertThat(requests(ACME, "&to=2000-01-01T00:00:00Z")).isEmpty();
        assertThat(requests(OPERATOR, "")).hasSize(4);
        assertThat(requests(OPERATOR, "&tenant=acme")).hasSize(4);
        assertThat(requests(OPERATOR, "&tenant=globex")).isEmpty();
        assertThat(requests(GLOBEX, "")).isEmpty();
        assertThat(ask(GLOBEX, "?tenant=acme").statusCode()).isEqualTo(404);
        assertThat(ask(SERVICE, "").statusCode()).isEqualTo(403);
    }

    @Test
    void refusalsAreRecordedWithTheirCode() throws Exception {
        send("no-name", ACME, "PUT", "/api/v1/config/NO_NAME/prod/application/draft/items", "{\"items\":{}}");
        send("no-role", ACME, "POST", "/internal/v1/config/access", "{}");
        send("no-call", ACME, "PUT", "/api/v1/config-nothing/" + application, "{}");
        send("no-method", ACME, "DELETE", namespace + "/draft/items", null);
        send("no-json", ACME, "PUT", namespace + "/draft/items", "{");
        send("nobody", null, "PUT", namespace + "/draft/items", "{}");
        send("bad-token", "rubbish", "PUT", namespace + "/draft/items", "{}");
        send("reading", ACME, "GET", namespace, null);
        send("secrets", ACME, "GET", namespace + "/secrets", null);
        send("no-parameter", ACME, "GET", namespace + "/secrets?x=%00", null);
        send("no-operator", ACME, "GET", "/api/v1/config-backup", null);

        assertThat(refusal("secrets.list", "no-parameter")).isEqualTo("400 INVALID_REQUEST");
        assertThat(refusal("backup.make", "no-operator")).isEqualTo("403 FORBIDDEN");
        assertThat(refusal("draft.change", "no-name")).isEqualTo("400 INVALID_NAME");
        assertThat(refusal("credentials.give-task", "no-role")).isEqualTo("403 FORBIDDEN");
        assertThat(refusal(Actions.UNKNOWN, "no-call")).isEqualTo("404 NOT_FOUND");
        assertThat(refusal(Actions.UNKNOWN, "no-method")).isEqualTo("405 METHOD_NOT_ALLOWED");
        assertThat(refusal("draft.change", "no-json")).isEqualTo("400 MALFORMED_BODY");
        assertThat(ended("secrets.list", "secrets").get("outcome").asString()).isEqualTo("DONE");
        assertThat(
                        jdbc.queryForList(
                                "select request_id from config.config_audit where request_id in ('nobody', 'bad-token', 'reading')"))
                .isEmpty();
    }

    private String refusal(String action, String request) throws Exception {
        JsonNode entry = ended(action, request);
        assertThat(entry.get("outcome").asString()).isEqualTo("REFUSED");
        return entry.get("status").asInt() + " " + entry.get("code").asString();
    }

    @Test
    void noValueAndNoSecretIsInAnyColumn() throws Exception {
        send("v-1", ACME, "PUT", namespace + "/draft/items", "{\"items\":{\"a\":\"hunter2\"}}");
        send("v-2", ACME, "PUT", namespace + "/draft/secrets", "{\"secrets\":{\"b\":\"hunter3\"}}");
        publish("v-3", ACME);
        HttpResponse<String> given =
                send("v-4", ACME, "POST", "/api/v1/config-applications/" + application + "/credentials", """
                {"stage": "prod", "accessKey": true}""");
        send("v-5", ACME, "POST", "/api/v1/config-copies?application=my%20hunter4&namespace=%00hunter5", "{}");
        send("v-6", ACME, "PUT", namespace + "%20hunter6/draft/items", "{\"items\":{}}");
        ended("draft.copy", "v-5");
        ended("draft.change", "v-6");

        List<String> secrets = new ArrayList<>(List.of("hunter"));
        json.readTree(given.body())
                .get("environment")
                .propertyStream()
                .filter(one -> one.getKey().endsWith("SECRET") || one.getKey().endsWith("ACCESS_KEY"))
                .forEach(one -> secrets.add(one.getValue().asString()));
        assertThat(secrets).hasSize(3);
        assertThat(jdbc.queryForObject(
                        "select string_agg(entry::text, ' ') from config.config_audit entry", String.class))
                .contains(application)
                .doesNotContain(secrets);
    }

    @Test
    void pagesAreTheWholeInPartsWhateverIsAddedMeanwhile() throws Exception {
        for (int call = 1; call <= 7; call++) {
            send("page-" + call, ACME, "PUT", namespace + "/draft/items", "{\"items\":{\"a\":\"" + call + "\"}}");
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = json.readTree(ask(ACME, "?application=" + application + "&limit=3" + cursor)
                    .body());
            page.get("items").forEach(entry -> seen.add(entry.get("requestId").asString()));
            cursor = page.has("next") ? "&cursor=" + page.get("next").asString() : "";
            send("meanwhile", ACME, "PUT", namespace + "/draft/items", "{\"items\":{\"a\":\"meanwhile\"}}");
        } while (!cursor.isEmpty());

        assertThat(seen).containsExactly("page-7", "page-6", "page-5", "page-4", "page-3", "page-2", "page-1");
    }

    @Test
    void nonsenseIsRefused() throws Exception {
        for (String parameter : List.of("application", "stage", "namespace", "actor", "action", "cursor")) {
            assertThat(ask(OPERATOR, "?" + parameter + "=%00").body()).contains("INVALID_REQUEST", parameter);
            assertThat(ask(OPERATOR, "?" + parameter + "=").statusCode())
                    .as(parameter)
                    .isEqualTo(400);
            assertThat(ask(OPERATOR, "?" + parameter + "=" + "x".repeat(201)).statusCode())
                    .isEqualTo(400);
        }
        for (String wrong : List.of(
                "tenant=%00",
                "outcome=%00",
                "outcome=nothing",
                "from=yesterday",
                "from=%00",
                "from=-1000000000-01-01T00:00:00Z",
                "to=%2B1000000000-12-31T23:59:59Z",
                "limit=0",
                "limit=201",
                "limit=x",
                "cursor=-1",
                "cursor=9999999999999999999")) {
            HttpResponse<String> answer = ask(OPERATOR, "?" + wrong);
            assertThat(answer.statusCode()).as(wrong + answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("remedy");
        }
        assertThat(ask(OPERATOR, "?actor=" + URLEncoder.encode("' or 1=1 --", StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatCanNotBeRecordedIsNotDone() throws Exception {
        publish("before", ACME);
        var elsewhere = new JdbcTemplate(postgres.getDatabase("postgres", "template1"));
        elsewhere.execute("alter database postgres allow_connections false");
        try {
            elsewhere.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'postgres'");
            HttpResponse<String> refused =
                    send("away", ACME, "PUT", namespace + "/draft/items", "{\"items\":{\"a\":\"unrecorded\"}}");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("UNAVAILABLE", "remedy");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            HttpResponse<String> read = send("read", ACME, "GET", namespace, null);
            assertThat(read.statusCode()).isEqualTo(200);
            assertThat(read.body()).doesNotContain("unrecorded");
            assertThat(ask(ACME, "").statusCode()).isEqualTo(503);
        } finally {
            elsewhere.execute("alter database postgres allow_connections true");
        }
        await().until(() -> send("back", ACME, "PUT", namespace + "/draft/items", "{\"items\":{\"a\":\"2\"}}")
                        .statusCode()
                == 200);
        assertThat(ended("draft.change", "back").get("outcome").asString()).isEqualTo("DONE");
    }

    @Test
    void whatTheCenterDoesByItselfIsDoneAndRecordedOnceTheDatabaseIsBack() throws Exception {
        publish("before", ACME);
        long revision = json.readTree(send("edit", ACME, "PUT", namespace + "/draft/items", "{\"items\":{\"a\":\"2\"}}")
                        .body())
                .get("revision")
                .asLong();
        Instant soon = Instant.now().plusSeconds(15).truncatedTo(ChronoUnit.MILLIS);
        assertThat(send(
                                "plan",
                                ACME,
                                "PUT",
                                "/api/v1/config-schedules/" + application + "/prod/soon",
                                "{\"at\":\"" + soon + "\",\"revisions\":{\"application\":" + revision + "}}")
                        .statusCode())
                .isEqualTo(200);
        var elsewhere = new JdbcTemplate(postgres.getDatabase("postgres", "template1"));
        elsewhere.execute("alter database postgres allow_connections false");
        try {
            elsewhere.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'postgres'");

            assertThat(release()).isEqualTo(1);
            await().until(() -> release() == 2);
            assertThat(context.getBean(Ensemble.class).children(Documents.ROOT + "/acts"))
                    .as("waits for the database")
                    .hasSize(1);
        } finally {
            elsewhere.execute("alter database postgres allow_connections true");
        }

        await().until(() -> ask(OPERATOR, "").statusCode() == 200);
        await().until(() -> entry("schedule.release", "-").has("outcome"));
        JsonNode entry = entry("schedule.release", "-");
        assertThat(entry.get("application").asString()).isEqualTo(application);
        assertThat(entry.get("actor").asString()).isEqualTo(OwnActs.ACTOR);
        assertThat(Instant.parse(entry.get("at").asString())).isAfterOrEqualTo(soon);
    }

    private int release() throws Exception {
        return json.readTree(send("look", ACME, "GET", namespace, null).body())
                .at("/release/number")
                .asInt();
    }

    @Test
    void whatIsBroughtTwiceIsThereOnce() {
        var act = new OwnActs.Entry("1~" + application, callOfOperator("own"), Outcome.DONE, Optional.empty());

        context.getBean(AuditTable.class).addOwn(List.of(act));
        context.getBean(AuditTable.class).addOwn(List.of(act, act));

        assertThat(count("own", Outcome.DONE)).isEqualTo(1);
    }

    @Test
    void aCenterThatDiesBetweenAnEffectAndItsEndLeavesAnEntry() throws Exception {
        jdbc.execute("""
                create function config.refuse() returns trigger language plpgsql as
                $$ begin raise exception 'the end of this call is never written'; end $$""");
        jdbc.execute("create trigger refuse before update on config.config_audit for each row when (new.application = '"
                + application + "') execute function config.refuse()");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                ConfigCenterApplication.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            int port = port(process);
            await().until(() -> {
                int status = AuditedCenter.send(
                                port, "crash", ACME, "PUT", namespace + "/draft/items", "{\"items\":{\"a\":\"1\"}}")
                        .statusCode();
                return status == 200;
            });
        } finally {
            process.destroyForcibly().waitFor();
        }

        assertThat(send("look", ACME, "GET", namespace, null).body()).contains("\"a\":\"1\"");
        JsonNode entry = entry("draft.change", "crash");
        assertThat(entry.get("outcome").asString()).isEqualTo("BEGUN");
        assertThat(entry.has("status")).isFalse();
        assertThat(requests(ACME, "&outcome=UNKNOWN")).isEmpty();
        jdbc.execute("drop trigger refuse on config.config_audit");
        jdbc.update(
                "update config.config_audit set at = at - interval '11 minutes' where application = ?", application);
        assertThat(entry("draft.change", "crash").get("outcome").asString()).isEqualTo("UNKNOWN");
        assertThat(requests(ACME, "&outcome=UNKNOWN")).contains("crash");
        assertThat(requests(ACME, "&outcome=BEGUN")).isEmpty();
    }

    /** Once it listens, however long that takes; what it says then is read so that it never waits to be heard. */
    private static int port(Process process) throws Exception {
        Pattern started = Pattern.compile("Tomcat started on port (\\d+)");
        BufferedReader log = process.inputReader();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            Matcher port = started.matcher(line);
            if (port.find()) {
                Thread.ofVirtual().start(() -> log.lines().forEach(rest -> {}));
                return Integer.parseInt(port.group(1));
            }
        }
        throw new AssertionError("the center ended before it listened: " + process.waitFor());
    }

    @Test
    void noMoreWaitThanFitAndTheyGoOnOnceTheirEndIsWritten() throws Exception {
        try (var trail = new Trail(context.getBean(AuditTable.class), new SimpleMeterRegistry())) {
            List<Trail.Open> begun = begun(trail, callOfOperator("many"), Trail.MOST_OPEN);
            assertThat(begun).doesNotHaveDuplicates();

            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(() -> trail.begin(callOfOperator("one too many")))
                    .matches(problem -> problem.code().name().equals("UNAVAILABLE"));
            assertThat(count("many", Outcome.BEGUN)).isEqualTo(Trail.MOST_OPEN);
            begun.forEach(open -> trail.end(open, Result.of(200, null)));
            trail.write();
            assertThat(count("many", Outcome.DONE)).isEqualTo(Trail.MOST_OPEN);
            assertThat(count("one too many", Outcome.BEGUN)).isZero();
            trail.end(trail.begin(callOfOperator("one more")), Result.of(503, "UNAVAILABLE"));
        }
        assertThat(count("one more", Outcome.FAILED)).isEqualTo(1);
    }

    @Test
    void aTenantThatKeepsManyUnderWayKeepsNobodyElseWaiting() throws Exception {
        try (var trail = new Trail(context.getBean(AuditTable.class), new SimpleMeterRegistry())) {
            List<Trail.Open> begun = begun(trail, call("slow", "acme"), Trail.MOST_OPEN_OF_TENANT);

            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(() -> trail.begin(call("slow", "acme")))
                    .matches(problem -> problem.code().name().equals("TOO_MANY_REQUESTS"));
            trail.end(trail.begin(call("other", "globex")), Result.of(200, null));
            trail.end(trail.begin(callOfOperator("other")), Result.of(200, null));
            begun.forEach(open -> trail.end(open, Result.of(200, null)));
            trail.write();
            trail.end(trail.begin(call("other", "acme")), Result.of(200, null));
        }
        assertThat(count("other", Outcome.DONE)).isEqualTo(3);
    }

    private static List<Trail.Open> begun(Trail trail, Call call, int number) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Trail.Open> begin = () -> trail.begin(call);
            List<Trail.Open> begun = new ArrayList<>();
            for (Future<Trail.Open> one : threads.invokeAll(
                    IntStream.range(0, number).mapToObj(i -> begin).toList())) {
                begun.add(one.get());
            }
            return begun;
        }
    }

    @Test
    void callsThatNeverBeganAreRecordedUpToANumberInAMinute() {
        var meters = new SimpleMeterRegistry();
        try (var trail = new Trail(context.getBean(AuditTable.class), meters)) {
            for (int call = 0; call < Trail.MOST_REFUSED_OF_TENANT + 3; call++) {
                trail.refused(call("flood", "acme"), Result.of(403, "FORBIDDEN"));
            }
            trail.refused(call("beside", "globex"), Result.of(403, "FORBIDDEN"));
            int rest = Trail.MOST_REFUSED - Trail.MOST_REFUSED_OF_TENANT - 1;
            for (int call = 0; call < rest + 4; call++) {
                trail.refused(callOfOperator("flood"), Result.of(403, "FORBIDDEN"));
            }
        }
        assertThat(count("flood", Outcome.REFUSED)).isEqualTo(Trail.MOST_REFUSED - 1);
        assertThat(count("beside", Outcome.REFUSED)).isEqualTo(1);
        assertThat(meters.get("switchboard.config.audit.left.out").counter().count())
                .isEqualTo(7);
    }

    private Call callOfOperator(String action) {
        return call(action, "acme", false);
    }

    private Call call(String action, String tenant) {
        return call(action, tenant, true);
    }

    private Call call(String action, String tenant, boolean byTenant) {
        return new Call(
                Instant.parse("2026-01-01T00:00:00Z"),
                tenant,
                byTenant,
                "ann",
                null,
                "many",
                action + " " + application,
                null,
                null,
                null,
                null);
    }

    private int count(String action, Outcome outcome) {
        return Objects.requireNonNull(jdbc.queryForObject(
                "select count(*) from config.config_audit where action = ? and outcome = ?",
                Integer.class,
                action + " " + application,
                outcome.name()));
    }

    @Test
    void whatWasKeptLongEnoughGoesSomeAtATime() throws Exception {
        publish("young", ACME);
        context.getBean(Database.class)
                .ask(own -> own.getJdbcTemplate().update("""
                insert into config.config_audit (at, actor, request_id, action, outcome)
                select now() - interval '401 days', 'ann', 'old', 'draft.change', 'DONE'
                from generate_series(1, ?)
                """, 2 * Database.DELETED_AT_ONCE + 500));

        context.getBean(AuditRetention.class).deleteOld();

        assertThat(jdbc.queryForList("select sequence from config.config_audit where request_id = 'old'"))
                .isEmpty();
        assertThat(requests(ACME, "")).contains("young");
    }

    private void publish(String request, String token) throws Exception {
        HttpResponse<String> draft = send(
                request + "-draft",
                token,
                "PUT",
                namespace + "/draft/items",
                "{\"items\":{\"a\":\"" + request + "\"}}");
        HttpResponse<String> release = send(
                request,
                token,
                "POST",
                namespace + "/releases",
                "{\"revision\":" + json.readTree(draft.body()).get("revision") + "}");
        assertThat(release.statusCode()).as(release.body()).isEqualTo(201);
    }

    private HttpResponse<String> send(
            String request, @Nullable String token, String method, String path, @Nullable String body)
            throws Exception {
        int port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
        return AuditedCenter.send(port, request, token, method, path, body);
    }

    private HttpResponse<String> ask(String token, String query) throws Exception {
        return send("asked", token, "GET", "/api/v1/config-audit" + query, null);
    }

    /** Ids of the requests of this test's application, the newest first. */
    private List<String> requests(String token, String more) throws Exception {
        return json.readTree(ask(token, "?application=" + application + more).body())
                .get("items")
                .valueStream()
                .map(entry -> entry.get("requestId").asString())
                .toList();
    }

    private JsonNode entry(String action, String request) throws Exception {
        JsonNode all =
                json.readTree(ask(OPERATOR, "?limit=200&action=" + action).body());
        return all.path("items")
                .valueStream()
                .filter(entry -> entry.get("requestId").asString().equals(request))
                .findFirst()
                .orElse(json.missingNode());
    }

    /** The entry, once its end is written. */
    private JsonNode ended(String action, String request) throws Exception {
        await().until(() -> entry(action, request).has("status"));
        return entry(action, request);
    }
}
