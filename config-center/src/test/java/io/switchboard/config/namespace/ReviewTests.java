package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static io.switchboard.config.namespace.Center.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ReviewTests {

    private static final String ANN = ACME;
    private static final String BOB = "acme.bob.tenant";
    private static final String ANNS_KEY = "acme.sbk-1.tenant.ann";
    private static final String CARL = "acme.carl.tenant";

    private final Desk desk;

    ReviewTests() throws Exception {
        desk = Desk.next("reviewed");
    }

    @Test
    void aDraftIsPublishedOnceAnotherUserApprovedIt(CapturedOutput output) throws Exception {
        assertThat(rules(ANN, true).status()).isEqualTo(200);
        long revision = desk.edit(ANN, Map.of("a", "hunter2"));

        assertThat(desk.publish(ANN, revision).code()).isEqualTo("REVIEW_NEEDED");
        Answer submitted = submit(ANN, revision, "new hours");
        assertThat(submitted.body().get("state").asString()).isEqualTo("SUBMITTED");
        assertThat(submitted.body().get("mayDecide").asBoolean()).isFalse();
        assertThat(submitted.body().get("authors").get("a").asString()).isEqualTo("ann");
        assertThat(desk.publish(BOB, revision).code()).isEqualTo("REVIEW_NEEDED");
        assertThat(review(BOB).body().get("mayDecide").asBoolean()).isTrue();

        Answer approved = decide(BOB, revision, true, "fine");
        assertThat(approved.body().get("state").asString()).isEqualTo("APPROVED");
        assertThat(approved.body().get("decision").get("by").asString()).isEqualTo("bob");
        assertThat(approved.body().get("submission").get("message").asString()).isEqualTo("new hours");
        assertThat(desk.publish(ANN, revision).status()).isEqualTo(201);
        assertThat(output)
                .contains("stage rules changed", "review asked for", "review decided", "author=bob", "APPROVED")
                .doesNotContain("hunter2");
    }

    @Test
    void whoChangedOrSubmittedTheDraftDoesNotDecide() throws Exception {
        rules(ANN, true);
        desk.edit(ANN, Map.of("a", "1"));
        long revision = desk.edit(BOB, Map.of("b", "1"));
        submit(CARL, revision, "");

        for (String own : new String[] {ANN, BOB, CARL}) {
            Answer answer = decide(own, revision, true, "");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.code()).isEqualTo("OWN_CHANGE");
        }
        assertThat(decide("acme.dora.tenant", revision, true, "").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anApprovalStandsThoughAllIsSealedWithAnotherDataKey(boolean released) throws Exception {
        long encrypted = desk.encrypt(ANN, Map.of("password", "hunter2"));
        if (released) {
            assertThat(desk.publish(ANN, encrypted).status()).isEqualTo(201);
        }
        rules(ANN, true);
        long revision = desk.edit(ANN, Map.of("a", "1"));
        submit(ANN, revision, "");
        decide(BOB, revision, true, "");

        Answer rotated = desk.center().post(desk.namespace() + "/data-key/rotations", ANN, "{}");

        long now = rotated.body().get("revision").asLong();
        assertThat(now).isGreaterThan(revision);
        assertThat(review(ANN).body().get("state").asString()).isEqualTo("APPROVED");
        assertThat(desk.publish(ANN, now).status()).isEqualTo(201);
    }

    @Test
    void whoCommentsAValueIsNotItsAuthor() throws Exception {
        desk.release(Map.of("limit", "5"));
        rules(ANN, true);
        desk.edit(ANN, Map.of("limit", "999"));
        long revision = comment(BOB, "limit", "Calls at once.");
        submit(BOB, revision, "");

        assertThat(review(ANN).body().get("authors").get("limit").asString()).isEqualTo("ann");
        assertThat(decide(ANN, revision, true, "").code()).isEqualTo("OWN_CHANGE");
        assertThat(decide(CARL, revision, true, "").status()).isEqualTo(200);
        assertThat(desk.publish(BOB, revision).status()).isEqualTo(201);

        comment(BOB, "limit", "Of one tenant.");
        assertThat(review(ANN).body().get("authors").get("limit").asString())
                .as("a comment alone waits")
                .isEqualTo("bob");
    }

    @Test
    void aUsersApiKeyCountsAsTheUser(CapturedOutput output) throws Exception {
        rules(ANN, true);
        long byAnn = desk.edit(ANN, Map.of("a", "1"));
        submit(ANN, byAnn, "");
        assertThat(review(ANNS_KEY).body().get("mayDecide").asBoolean()).isFalse();
        assertThat(decide(ANNS_KEY, byAnn, true, "").code()).isEqualTo("OWN_CHANGE");

        desk.edit(CARL, Map.of("a", "0"));
        long byKey = desk.edit(ANNS_KEY, Map.of("a", "2"));
        Answer submitted = submit(CARL, byKey, "");

        assertThat(submitted.body().get("authors").get("a").asString()).isEqualTo("ann");
        assertThat(decide(ANN, byKey, true, "").code()).isEqualTo("OWN_CHANGE");
        assertThat(decide(BOB, byKey, true, "").status()).isEqualTo(200);
        assertThat(output).contains("author=ann by sbk-1 revision=" + byKey);
    }

    @Test
    void aUsersApiKeyPublishesWhereTheUserDoes() throws Exception {
        rules(ANN, false, "ann");
        long revision = desk.edit(BOB, Map.of("a", "1"));

        assertThat(desk.publish("acme.sbk-2.tenant.bob", revision).code()).isEqualTo("NOT_A_PUBLISHER");
        assertThat(desk.publish(ANNS_KEY, revision).status()).isEqualTo(201);
    }

    @Test
    void aChangeAfterTheApprovalVoidsIt() throws Exception {
        rules(ANN, true);
        long revision = desk.edit(ANN, Map.of("a", "1"));
        submit(ANN, revision, "");
        decide(BOB, revision, true, "");

        long changed = desk.edit(ANN, Map.of("a", "2"));

        assertThat(review(BOB).body().get("state").asString()).isEqualTo("NONE");
        assertThat(desk.publish(ANN, changed).code()).isEqualTo("REVIEW_NEEDED");
        assertThat(desk.publish(ANN, revision).code()).isEqualTo("STALE_REVISION");
        assertThat(decide(BOB, revision, true, "").code()).isEqualTo("STALE_REVISION");
        assertThat(decide(BOB, changed, true, "").code()).isEqualTo("NOT_SUBMITTED");
    }

    @Test
    void anApprovalIsForOneRelease() throws Exception {
        desk.release(Map.of("a", "good"));
        rules(ANN, true);
        long revision = desk.edit(ANN, Map.of("a", "bad"));
        submit(ANN, revision, "");
        decide(BOB, revision, true, "");
        desk.publish(ANN, revision);
        desk.center().post(desk.namespace() + "/rollbacks", ANN, "{\"from\":2,\"to\":1}");

        Answer again = desk.center()
                .post(desk.namespace() + "/releases", ANN, "{\"revision\":" + revision + ",\"again\":true}");

        assertThat(again.code()).isEqualTo("REVIEW_NEEDED");
        assertThat(submit(ANN, revision, "right after all").body().get("state").asString())
                .isEqualTo("SUBMITTED");
    }

    @Test
    void whatWasRejectedIsChangedBeforeItIsSubmittedAgain() throws Exception {
        rules(ANN, true);
        long revision = desk.edit(ANN, Map.of("a", "1"));
        submit(ANN, revision, "");

        Answer rejected = decide(BOB, revision, false, "wrong number");

        assertThat(rejected.body().get("state").asString()).isEqualTo("REJECTED");
        assertThat(desk.publish(ANN, revision).body().get("review").asString()).isEqualTo("REJECTED");
        assertThat(submit(ANN, revision, "").code()).isEqualTo("REVIEW_DECIDED");
        assertThat(decide(CARL, revision, true, "").code()).isEqualTo("REVIEW_DECIDED");
        assertThat(decide(BOB, revision, true, "read it wrong").status()).isEqualTo(200);
        assertThat(decide(BOB, revision, false, "after all not").status()).isEqualTo(200);
        assertThat(submit(ANN, desk.edit(ANN, Map.of("a", "2")), "").status()).isEqualTo(200);
    }

    @Test
    void everyCallMayBeRepeated() throws Exception {
        assertThat(rules(ANN, true).body()).isEqualTo(rules(BOB, true).body());
        long revision = desk.edit(ANN, Map.of("a", "1"));

        assertThat(submit(ANN, revision, "x").body())
                .isEqualTo(submit(ANN, revision, "x").body());
        assertThat(decide(BOB, revision, true, "y").body())
                .isEqualTo(decide(BOB, revision, true, "y").body());
    }

    @Test
    void onlyPublishersPublishRollBackAndDecide() throws Exception {
        desk.release(Map.of("a", "1"));
        desk.release(Map.of("a", "2"));
        assertThat(rules(ANN, false, "bob").status()).isEqualTo(200);
        long revision = desk.edit(ANN, Map.of("a", "3"));
        submit(ANN, revision, "");

        Answer refused = desk.publish(ANN, revision);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("NOT_A_PUBLISHER");
        assertThat(desk.center()
                        .post(desk.namespace() + "/rollbacks", ANN, "{\"from\":2,\"to\":1}")
                        .code())
                .isEqualTo("NOT_A_PUBLISHER");
        assertThat(decide(CARL, revision, true, "").code()).isEqualTo("NOT_A_PUBLISHER");
        assertThat(review(ANN).body().get("mayPublish").asBoolean()).isFalse();
        assertThat(decide(BOB, revision, true, "").status()).isEqualTo(200);
        assertThat(desk.publish(BOB, revision).status()).isEqualTo(201);
    }

    @Test
    void rulesInForceAreAnOperatorsToChange() throws Exception {
        assertThat(rules(ANN, true, "ann", "bob").body().get("version").asLong())
                .isEqualTo(1);

        Answer loosened = rules(ANN, false);
        assertThat(loosened.status()).isEqualTo(403);
        assertThat(loosened.code()).isEqualTo("RULES_IN_FORCE");
        assertThat(desk.center()
                        .get(rulesPath(), ANN)
                        .body()
                        .get("publishers")
                        .get(1)
                        .asString())
                .isEqualTo("bob");
        assertThat(putRules(OPERATOR, "?tenant=acme", "{\"review\":false,\"publishers\":[],\"version\":0}")
                        .code())
                .isEqualTo("STALE_RULES");
        assertThat(putRules(OPERATOR, "?tenant=acme", "{\"review\":false,\"publishers\":[],\"version\":1}")
                        .body()
                        .get("version")
                        .asLong())
                .isEqualTo(2);
        assertThat(rules(ANN, true).status()).isEqualTo(200);
    }

    @Test
    void aRollbackNeedsNoReview() throws Exception {
        desk.release(Map.of("a", "1"));
        desk.release(Map.of("a", "2"));
        rules(ANN, true);

        assertThat(desk.center()
                        .post(desk.namespace() + "/rollbacks", ANN, "{\"from\":2,\"to\":1}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void anotherTenantSeesAndDecidesNothing() throws Exception {
        rules(ANN, true);
        long revision = desk.edit(ANN, Map.of("a", "1"));
        submit(ANN, revision, "");

        assertThat(review(GLOBEX).body().get("state").asString()).isEqualTo("NONE");
        for (String path : new String[] {rulesPath(), desk.namespace() + "/review"}) {
            assertThat(desk.center().get(path + "?tenant=acme", GLOBEX).status())
                    .isEqualTo(404);
        }
        assertThat(desk.center()
                        .put(
                                desk.namespace() + "/review/decision?tenant=acme",
                                GLOBEX,
                                "{\"revision\":" + revision + ",\"approved\":true}")
                        .status())
                .isEqualTo(404);
        assertThat(review(ANN).body().get("state").asString()).isEqualTo("SUBMITTED");
    }

    @Test
    void badInputChangesNothing() throws Exception {
        String review = desk.namespace() + "/review";
        Center center = desk.center();

        assertThat(center.put(rulesPath(), ANN, "{\"review\":true}").code()).isEqualTo("INVALID_REQUEST");
        assertThat(center.put(rulesPath(), ANN, "{\"review\":true,\"publishers\":[\"\"]}")
                        .code())
                .isEqualTo("INVALID_REQUEST");
        assertThat(center.put(review, ANN, "{}").code()).isEqualTo("INVALID_REQUEST");
        assertThat(center.put(review, ANN, "{\"revision\":0}").code()).isEqualTo("NOTHING_TO_PUBLISH");
        assertThat(center.put(review + "/decision", ANN, "{\"revision\":0,\"approved\":true}")
                        .code())
                .isEqualTo("NOT_SUBMITTED");
        assertThat(center.put(review, ANN, "{\"revision\":0,\"message\":\"\\ud800\"}")
                        .code())
                .isEqualTo("INVALID_REQUEST");
        assertThat(center.get(desk.stage(), ANN).body()).isEmpty();
    }

    @Test
    void aDraftFromBeforeAuthorsWereKeptIsReadAndGoesOn() throws Exception {
        desk.edit(ANN, Map.of("a", "1"));
        NamespacePath path = new NamespacePath("acme", desk.application(), "prod", "application");
        byte[] old = Items.of(Map.of("a", "old", "b", "old")).encode();
        desk.center().bean(Ensemble.class).ask(zookeeper -> zookeeper.setData().forPath(path.draft(), old));

        desk.edit(BOB, Map.of("b", "new"));

        assertThat(desk.center()
                        .get(desk.namespace(), ANN)
                        .body()
                        .get("items")
                        .get("a")
                        .asString())
                .isEqualTo("old");
        assertThat(review(ANN).body().get("authors").propertyNames()).containsExactly("b");
    }

    @Test
    void aReviewFromBeforeReleasesWereKeptOrThatCannotBeReadCountsForNothing() throws Exception {
        rules(ANN, true);
        long revision = desk.edit(ANN, Map.of("a", "1"));
        submit(ANN, revision, "");
        decide(BOB, revision, true, "");
        NamespacePath path = new NamespacePath("acme", desk.application(), "prod", "application");
        Ensemble ensemble = desk.center().bean(Ensemble.class);
        String kept = new String(
                ensemble.ask(zookeeper -> zookeeper.getData().forPath(Review.node(path))), StandardCharsets.UTF_8);
        String old = kept.replaceFirst("\"release\":0,", "");
        assertThat(old).isNotEqualTo(kept);

        for (String stored : new String[] {old, "{", "[]"}) {
            ensemble.ask(zookeeper ->
                    zookeeper.setData().forPath(Review.node(path), stored.getBytes(StandardCharsets.UTF_8)));
            assertThat(review(BOB).body().get("state").asString()).isEqualTo("NONE");
            assertThat(desk.publish(ANN, revision).code()).isEqualTo("REVIEW_NEEDED");
        }
        submit(ANN, revision, "");
        decide(BOB, revision, true, "");
        assertThat(desk.publish(ANN, revision).status()).isEqualTo(201);
    }

    private long comment(String token, String key, String comment) throws Exception {
        return desk.center()
                .put(
                        desk.namespace() + "/draft/items",
                        token,
                        "{\"items\":{},\"comments\":{\"" + key + "\":\"" + comment + "\"}}")
                .body()
                .get("revision")
                .asLong();
    }

    private Answer rules(String token, boolean review, String... publishers) throws Exception {
        String names = publishers.length == 0 ? "" : "\"" + String.join("\",\"", publishers) + "\"";
        return putRules(token, "", "{\"review\":" + review + ",\"publishers\":[" + names + "]}");
    }

    private Answer putRules(String token, String query, String body) throws Exception {
        return desk.center().put(rulesPath() + query, token, body);
    }

    private String rulesPath() {
        return "/api/v1/config-rules/" + desk.application() + "/prod";
    }

    private Answer review(String token) throws Exception {
        return desk.center().get(desk.namespace() + "/review", token);
    }

    private Answer submit(String token, long revision, String message) throws Exception {
        return desk.center()
                .put(
                        desk.namespace() + "/review",
                        token,
                        "{\"revision\":" + revision + ",\"message\":\"" + message + "\"}");
    }

    private Answer decide(String token, long revision, boolean approved, String message) throws Exception {
        return desk.center()
                .put(
                        desk.namespace() + "/review/decision",
                        token,
                        "{\"revision\":" + revision + ",\"approved\":" + approved + ",\"message\":\"" + message
                                + "\"}");
    }
}
