package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.scheduling.TaskScheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

@ExtendWith(OutputCaptureExtension.class)
class ScheduleTests {

    private static final Instant TOMORROW =
            Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.MILLIS);

    private final Desk desk;

    ScheduleTests() throws Exception {
        desk = Desk.next("scheduled");
    }

    @Test
    void whatIsScheduledIsReleasedAtItsTime(CapturedOutput output) throws Exception {
        long revision = desk.edit(ACME, Map.of("a", "1"));
        long routing = desk.edit(desk.stage() + "/routing", ACME, Map.of("r", "1"));

        Instant at = TOMORROW.minus(Duration.ofHours(2));
        Answer scheduled = put(ACME, "night", at, "\"application\":" + revision + ",\"routing\":" + routing);
        assertThat(scheduled.status()).isEqualTo(200);
        assertThat(scheduled.body().get("state").asString()).isEqualTo("WAITING");
        assertThat(desk.center().get(desk.stage() + "/routing/releases", ACME).body())
                .isEmpty();

        desk.center().setAhead(Duration.between(Instant.now(), at).plusSeconds(1));
        try {
            await().until(() -> state("night").equals("RELEASED"));
        } finally {
            desk.center().setAhead(Duration.ZERO);
        }
        JsonNode release =
                desk.center().get(desk.namespace() + "/releases", ACME).body().get(0);
        assertThat(release.get("author").asString()).isEqualTo("ann");
        assertThat(release.get("message").asString()).isEqualTo("at night");
        assertThat(desk.center().get(desk.stage() + "/routing/releases", ACME).body())
                .hasSize(1);
        assertThat(output).contains("release scheduled");
        await().until(() -> output.toString().contains("release published: namespace=acme/" + desk.application()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsScheduledStandsWhenItIsSealedWithAnotherKey(boolean released) throws Exception {
        if (released) {
            assertThat(desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "hunter2")))
                            .status())
                    .isEqualTo(201);
        }
        long revision = desk.encrypt(ACME, Map.of("password", "hunter3"));
        Instant at = TOMORROW.minus(Duration.ofHours(released ? 5 : 6));
        put(ACME, "night", at, "\"application\":" + revision);

        assertThat(desk.center()
                        .post(desk.namespace() + "/data-key/rotations", ACME, "{}")
                        .status())
                .isEqualTo(200);

        JsonNode waiting = scheduled("night");
        assertThat(waiting.at("/revisions/application").asLong()).isEqualTo(revision + 1);
        assertThat(put(ACME, "night", at, "\"application\":" + revision).body())
                .as("the same call twice")
                .isEqualTo(waiting);
        desk.center().setAhead(Duration.between(Instant.now(), at).plusSeconds(1));
        try {
            await().until(() -> !state("night").equals("WAITING"));
        } finally {
            desk.center().setAhead(Duration.ZERO);
        }
        assertThat(scheduled("night").path("problem").asString("")).isEmpty();
        assertThat(state("night")).isEqualTo("RELEASED");
    }

    @Test
    void workThatDoesNotEndKeepsNoneWaiting() throws Exception {
        long revision = desk.edit(ACME, Map.of("a", "1"));
        Instant at = TOMORROW.minus(Duration.ofHours(4));
        put(ACME, "beside", at, "\"application\":" + revision);
        var end = new CountDownLatch(1);
        var begun = new CountDownLatch(5);
        TaskScheduler scheduler = desk.center().bean(TaskScheduler.class);
        List<Future<?>> endless = new ArrayList<>();
        for (int job = 0; job < 5; job++) {
            endless.add(scheduler.schedule(
                    () -> {
                        begun.countDown();
                        awaitEnd(end);
                    },
                    Instant.now()));
        }
        try {
            assertThat(begun.await(Center.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("all of them run")
                    .isTrue();
            desk.center().setAhead(Duration.between(Instant.now(), at).plusSeconds(1));
            await().until(() -> state("beside").equals("RELEASED"));
        } finally {
            desk.center().setAhead(Duration.ZERO);
            end.countDown();
        }
        for (Future<?> job : endless) {
            job.get(Center.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void whyADueReleaseWaitsIsSaidOnce(CapturedOutput output) throws Exception {
        long revision = desk.edit(ACME, Map.of("a", "1"));
        Instant at = TOMORROW.minus(Duration.ofHours(3));
        put(ACME, "night", at, "\"application\":" + revision);
        var ensemble = desk.center().bean(Ensemble.class);
        String node = Schedule.node(due("night").stage());
        byte[] sound = ensemble.ask(zookeeper -> zookeeper.getData().forPath(node));
        ensemble.ask(zookeeper -> zookeeper.setData().forPath(node, new byte[] {1}));
        DueReleases due = desk.center().bean(DueReleases.class);
        String waits = "the release scheduled as night in " + due("night").stage() + " waits";

        desk.center().setAhead(Duration.between(Instant.now(), at).plusSeconds(1));
        try {
            due.look();
            due.look();
            due.look();
            assertThat(output.toString().split(Pattern.quote(waits), -1)).hasSize(2);

            ensemble.ask(zookeeper -> zookeeper.setData().forPath(node, sound));
            await().until(() -> state("night").equals("RELEASED"));
            await().until(() -> output.toString().contains(waits + " no longer"));
        } finally {
            desk.center().setAhead(Duration.ZERO);
        }
    }

    private static void awaitEnd(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void ofSeveralCentersOneReleases() throws Exception {
        for (int round = 0; round < 5; round++) {
            long revision = desk.edit(ACME, Map.of("a", String.valueOf(round)));
            assertThat(put(ACME, "round-" + round, TOMORROW, "\"application\":" + revision)
                            .status())
                    .isEqualTo(200);
            DueNode due = due("round-" + round);
            Schedules schedules = desk.center().bean(Schedules.class);

            try (var threads = Executors.newFixedThreadPool(6)) {
                List<Future<?>> attempts = new ArrayList<>();
                for (int attempt = 0; attempt < 6; attempt++) {
                    attempts.add(threads.submit(() -> schedules.carryOut(due)));
                }
                for (Future<?> attempt : attempts) {
                    attempt.get();
                }
            }

            assertThat(state("round-" + round)).isEqualTo("RELEASED");
            assertThat(desk.center().get(desk.namespace() + "/releases", ACME).body())
                    .hasSize(round + 1);
        }
    }

    @Test
    void aChangeOfADraftKeepsAllFromBeingReleased(CapturedOutput output) throws Exception {
        long revision = desk.edit(ACME, Map.of("a", "1"));
        long routing = desk.edit(desk.stage() + "/routing", ACME, Map.of("r", "1"));
        put(ACME, "night", TOMORROW, "\"application\":" + revision + ",\"routing\":" + routing);
        desk.edit(desk.stage() + "/routing", ACME, Map.of("r", "2"));

        desk.center().bean(Schedules.class).carryOut(due("night"));

        JsonNode failed = list().get(0);
        assertThat(failed.get("state").asString()).isEqualTo("FAILED");
        assertThat(failed.get("problem").asString()).startsWith("STALE_REVISION: ");
        assertThat(desk.center().get(desk.namespace() + "/releases", ACME).body())
                .isEmpty();
        assertThat(output).contains("scheduled release failed");
    }

    @Test
    void whatPublishingNeedsIsAskedForAtTheTime() throws Exception {
        desk.center()
                .put(
                        "/api/v1/config-rules/" + desk.application() + "/prod",
                        ACME,
                        "{\"review\":true,\"publishers\":[]}");
        long revision = desk.edit(ACME, Map.of("a", "1"));
        put(ACME, "unapproved", TOMORROW, "\"application\":" + revision);
        desk.center().bean(Schedules.class).carryOut(due("unapproved"));
        assertThat(list().get(0).get("problem").asString()).startsWith("REVIEW_NEEDED: ");

        put(ACME, "approved", TOMORROW, "\"application\":" + revision);
        desk.center().put(desk.namespace() + "/review", ACME, "{\"revision\":" + revision + "}");
        desk.center()
                .put(
                        desk.namespace() + "/review/decision",
                        "acme.bob.tenant",
                        "{\"revision\":" + revision + ",\"approved\":true}");
        desk.center().bean(Schedules.class).carryOut(due("approved"));
        assertThat(state("approved")).isEqualTo("RELEASED");
    }

    @Test
    void whatIsCancelledIsNotReleased() throws Exception {
        long revision = desk.edit(ACME, Map.of("a", "1"));
        put(ACME, "night", TOMORROW, "\"application\":" + revision);

        assertThat(cancel(GLOBEX, "night").status()).isEqualTo(404);
        assertThat(cancel(ACME, "night").body().get("state").asString()).isEqualTo("CANCELLED");
        assertThat(cancel(ACME, "night").body().get("state").asString()).isEqualTo("CANCELLED");
        desk.center().bean(Schedules.class).carryOut(due("night"));
        assertThat(state("night")).isEqualTo("CANCELLED");
        assertThat(desk.center().get(desk.namespace() + "/releases", ACME).body())
                .isEmpty();
        assertThat(cancel(ACME, "never").status()).isEqualTo(404);
    }

    @Test
    void theSameWishTwiceIsOneAndAnotherNeedsAnotherName() throws Exception {
        long revision = desk.edit(ACME, Map.of("a", "1"));
        String revisions = "\"application\":" + revision;

        assertThat(put(ACME, "night", TOMORROW, revisions).body())
                .isEqualTo(put(ACME, "night", TOMORROW, revisions).body());
        assertThat(list()).hasSize(1);
        assertThat(put(ACME, "night", TOMORROW.plusSeconds(1), revisions).code())
                .isEqualTo("SCHEDULE_EXISTS");
        desk.center().bean(Schedules.class).carryOut(due("night"));
        assertThat(put(ACME, "night", TOMORROW, revisions).body().get("state").asString())
                .isEqualTo("RELEASED");
        assertThat(cancel(ACME, "night").code()).isEqualTo("SCHEDULE_OVER");
    }

    @Test
    void whatIsOverIsNotTakenForWhatIsWished() throws Exception {
        String revisions = "\"application\":" + desk.edit(ACME, Map.of("a", "1"));
        put(ACME, "night", TOMORROW, revisions);
        cancel(ACME, "night");

        assertThat(put(ACME, "night", TOMORROW, revisions).code()).isEqualTo("SCHEDULE_OVER");
        put(ACME, "other-night", TOMORROW, revisions);
        desk.edit(ACME, Map.of("a", "2"));
        desk.center().bean(Schedules.class).carryOut(due("other-night"));
        assertThat(state("other-night")).isEqualTo("FAILED");
        assertThat(put(ACME, "other-night", TOMORROW, revisions).code()).isEqualTo("SCHEDULE_OVER");
    }

    @Test
    void oneTenantLeavesRoomForOthers() throws Exception {
        String revisions = "\"application\":" + desk.edit("crowded.ann.tenant", Map.of("a", "1"));
        String routing = "\"application\":" + desk.edit(ACME, Map.of("a", "1"));
        NamespacePath stage = new NamespacePath("crowded", desk.application(), "prod", "application");
        Ensemble ensemble = desk.center().bean(Ensemble.class);
        for (int id = 0; id < DueNode.MOST_OF_A_TENANT; id++) {
            String node = new DueNode(TOMORROW, stage, "id-" + id).node();
            ensemble.ask(zookeeper -> zookeeper.create().forPath(node));
        }

        assertThat(put("crowded.ann.tenant", "night", TOMORROW, revisions).code())
                .isEqualTo("TOO_MANY_NAMES");
        assertThat(put(ACME, "night", TOMORROW, routing).status()).isEqualTo(200);
    }

    @Test
    void longMessagesOfWhatIsOverAreForgotten() throws Exception {
        String revisions = "\"application\":" + desk.edit(ACME, Map.of("a", "1"));
        String body = "{\"at\":\"" + TOMORROW + "\",\"message\":\"" + "\u8a9e".repeat(500) + "\",\"override\":\""
                + "\u8a9e".repeat(500) + "\",\"revisions\":{" + revisions + "}}";
        for (int id = 0; id < 25; id++) {
            assertThat(desk.center().put(schedules() + "/id-" + id, ACME, body).status())
                    .isEqualTo(200);
            assertThat(cancel(ACME, "id-" + id).status()).isEqualTo(200);
        }

        assertThat(list().size()).isBetween(15, 24);
        assertThat(list().get(0).get("id").asString()).isEqualTo("id-24");
    }

    @Test
    void anOverrideIsAboutTheFreezesThatWereKnown() throws Exception {
        String revisions = "\"application\":" + desk.edit(ACME, Map.of("a", "1"));
        freeze("known");
        String override = ",\"override\":\"must be\"";
        put(ACME, "first", TOMORROW, revisions, override);
        freeze("later");

        desk.center().bean(Schedules.class).carryOut(due("first"));
        assertThat(list().get(0).get("problem").asString()).startsWith("FROZEN: ");

        put(ACME, "second", TOMORROW, revisions, override);
        desk.center().bean(Schedules.class).carryOut(due("second"));
        assertThat(state("second")).isEqualTo("RELEASED");
    }

    private void freeze(String id) throws Exception {
        String body = "{\"from\":\"" + TOMORROW.minus(Duration.ofDays(2)) + "\",\"until\":\""
                + TOMORROW.plus(Duration.ofDays(1)) + "\",\"reason\":\"peak\",\"application\":\"" + desk.application()
                + "\"}";
        assertThat(desk.center()
                        .put("/api/v1/config-freezes/prod/" + desk.application() + "-" + id, ACME, body)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void againIsAboutTheRollbackThatWasInEffect() throws Exception {
        desk.release(Map.of("a", "good", "b", "good"));
        desk.release(Map.of("a", "bad"));
        assertThat(rollBack(2, 1)).isEqualTo(201);
        long revision = desk.edit(ACME, Map.of("b", "better"));
        put(ACME, "known", TOMORROW, "\"application\":" + revision, ",\"again\":true");
        assertThat(rollBack(3, 2)).isEqualTo(201);
        assertThat(rollBack(4, 1)).isEqualTo(201);

        desk.center().bean(Schedules.class).carryOut(due("known"));

        assertThat(list().get(0).get("problem").asString()).startsWith("TAKEN_BACK: ");
    }

    private int rollBack(int from, int to) throws Exception {
        return desk.center()
                .post(desk.namespace() + "/rollbacks", ACME, "{\"from\":" + from + ",\"to\":" + to + "}")
                .status();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RULES", "FREEZE"})
    void theFirstRulesAndTheFirstFreezeInTheVeryMomentHold(String first) throws Exception {
        Desk own = Desk.next("moment");
        String stage = first.toLowerCase(Locale.ROOT) + "-first";
        String namespace = "/api/v1/config/" + own.application() + "/" + stage + "/application";
        long revision = own.edit(namespace, "first.ann.tenant", Map.of("a", "1"));
        NamespacePath path = new NamespacePath("first", own.application(), stage, "application");
        var publication = new Releases.Publication(new TreeMap<>(Map.of(path, revision)), "", false, null, null);
        Caller ann = new Caller("ann", Optional.of("first"), Set.of(Role.TENANT), Instant.MAX);
        String node = first.equals("RULES") ? StageRules.node(path) : Freezes.node(path);
        // Or it would be looked at once more.
        own.center().bean(LastEdits.class).forget();

        Problem refused = catchThrowableOfType(
                Problem.class,
                () -> own.center().bean(Releases.class).publish(publication, ann, zookeeper -> {
                    zookeeper.create().creatingParentsIfNeeded().forPath(node, "{}".getBytes(StandardCharsets.UTF_8));
                    return List.of();
                }));

        assertThat(refused.code()).isEqualTo(ConfigProblem.STALE_REVISION);
    }

    @Test
    void badInputSchedulesNothing() throws Exception {
        long revision = desk.edit(ACME, Map.of("a", "1"));
        String revisions = "\"application\":" + revision;

        assertThat(put(ACME, "past", Instant.now().minusSeconds(1), revisions).code())
                .isEqualTo("INVALID_REQUEST");
        assertThat(put(ACME, "far", TOMORROW.plus(Duration.ofDays(400)), revisions)
                        .code())
                .isEqualTo("INVALID_REQUEST");
        assertThat(put(ACME, "a%20b", TOMORROW, revisions).status()).isEqualTo(400);
        assertThat(put(ACME, "none", TOMORROW, "").code()).isEqualTo("INVALID_REQUEST");
        assertThat(put(ACME, "stale", TOMORROW, "\"application\":" + (revision + 1))
                        .code())
                .isEqualTo("STALE_REVISION");
        assertThat(put(ACME, "nothing", TOMORROW, "\"other\":0").code()).isEqualTo("NOTHING_TO_PUBLISH");
        assertThat(put(ACME, "name", TOMORROW, "\"No\":0").code()).isEqualTo("INVALID_NAME");
        assertThat(list()).isEmpty();
    }

    private Answer put(String token, String id, Instant at, String revisions) throws Exception {
        return put(token, id, at, revisions, "");
    }

    private Answer put(String token, String id, Instant at, String revisions, String more) throws Exception {
        return desk.center()
                .put(
                        schedules() + "/" + id,
                        token,
                        "{\"at\":\"" + at + "\",\"message\":\"at night\",\"revisions\":{" + revisions + "}" + more
                                + "}");
    }

    private Answer cancel(String token, String id) throws Exception {
        return desk.center().send("DELETE", schedules() + "/" + id, token, null);
    }

    private String schedules() {
        return "/api/v1/config-schedules/" + desk.application() + "/prod";
    }

    private JsonNode list() throws Exception {
        return desk.center().get(schedules(), ACME).body();
    }

    private String state(String id) throws Exception {
        return scheduled(id).path("state").asString("");
    }

    private JsonNode scheduled(String id) throws Exception {
        return list().valueStream()
                .filter(one -> one.get("id").asString().equals(id))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private DueNode due(String id) {
        return new DueNode(TOMORROW, new NamespacePath("acme", desk.application(), "prod", "application"), id);
    }
}
