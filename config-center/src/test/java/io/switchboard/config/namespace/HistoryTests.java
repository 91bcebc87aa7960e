package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.namespace.Center.Answer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class HistoryTests {

    private static final String BOB = "acme.bob.tenant";

    private final Desk desk;

    HistoryTests() throws Exception {
        desk = Desk.next("blamed");
    }

    @Test
    void eachItemKnowsTheReleaseThatLastChangedIt() throws Exception {
        desk.release(Map.of("a", "1", "b", "1", "gone", "1"));
        Map<String, @Nullable String> second = new HashMap<>(Map.of("b", "2"));
        second.put("gone", null);
        assertThat(desk.publish(BOB, desk.edit(BOB, second)).status()).isEqualTo(201);

        JsonNode blame = desk.center().get(desk.namespace() + "/blame", ACME).body();

        assertThat(blame.valueStream()
                        .map(origin -> origin.get("key").asString() + " "
                                + origin.get("release").get("number") + " "
                                + origin.get("release").get("author").asString()))
                .containsExactly("a 1 ann", "b 2 bob");
        assertThat(desk.center().get(desk.namespace() + "/blame", GLOBEX).body())
                .isEmpty();
    }

    @Test
    void whatOnlyReleasesThatAreGoneChangedSaysSo() throws Exception {
        desk.release(Map.of("old", "1"));
        for (int release = 2; release <= ReleaseHistory.KEPT + 1; release++) {
            desk.release(Map.of("a", String.valueOf(release)));
        }

        JsonNode blame = desk.center().get(desk.namespace() + "/blame", ACME).body();

        assertThat(blame.get(0).get("orEarlier").asBoolean()).isFalse();
        assertThat(blame.get(1).get("key").asString()).isEqualTo("old");
        assertThat(blame.get(1).get("release").get("number").asInt()).isEqualTo(2);
        assertThat(blame.get(1).get("orEarlier").asBoolean()).isTrue();
    }

    @Test
    void whatARollbackTookBackIsNotPublishedByMistake() throws Exception {
        desk.release(Map.of("a", "good", "b", "good"));
        desk.release(Map.of("a", "bad", "b", "bad"));
        assertThat(rollBack("{\"from\":2,\"to\":1,\"message\":\"calls dropped\"}")
                        .status())
                .isEqualTo(201);
        long revision = desk.edit(ACME, Map.of("a", "better", "c", "new"));

        JsonNode draft = draft();
        assertThat(draft.get("takenBackBy").get("message").asString()).isEqualTo("calls dropped");
        assertThat(draft.get("changes")
                        .valueStream()
                        .map(pending -> pending.get("change").get("key").asString() + " " + pending.get("takenBack")))
                .containsExactly("a false", "b true", "c false");
        Answer refused = desk.publish(ACME, revision);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("TAKEN_BACK");
        assertThat(refused.body().get("keys").valueStream().map(JsonNode::asString))
                .containsExactly("b");
        assertThat(desk.center()
                        .post(desk.stage() + "/releases", ACME, "{\"revisions\":{\"application\":" + revision + "}}")
                        .code())
                .isEqualTo("TAKEN_BACK");
        assertThat(desk.center()
                        .post(desk.namespace() + "/releases", ACME, "{\"revision\":" + revision + ",\"again\":true}")
                        .status())
                .isEqualTo(201);
        assertThat(draft().has("takenBackBy")).isFalse();
    }

    @Test
    void whatSeveralRollbacksTookBackStaysTakenBack() throws Exception {
        desk.release(Map.of("a", "good", "b", "good"));
        desk.release(Map.of("a", "bad"));
        desk.release(Map.of("b", "worse"));
        assertThat(rollBack("{\"from\":3,\"to\":2}").status()).isEqualTo(201);
        assertThat(rollBack("{\"from\":4,\"to\":1}").status()).isEqualTo(201);

        Answer refused = desk.publish(ACME, draft().get("revision").asLong());

        assertThat(refused.code()).isEqualTo("TAKEN_BACK");
        assertThat(refused.body().get("keys").valueStream().map(JsonNode::asString))
                .containsExactly("a", "b");
    }

    @Test
    void aRollbackMayPutTheDraftBackToo() throws Exception {
        desk.release(Map.of("a", "good"));
        desk.release(Map.of("a", "bad"));
        long revision = desk.edit(ACME, Map.of("b", "half done"));

        assertThat(rollBack("{\"from\":2,\"to\":1,\"discard\":" + (revision - 1) + "}")
                        .code())
                .isEqualTo("STALE_REVISION");
        Answer back = rollBack("{\"from\":2,\"to\":1,\"discard\":" + revision + "}");

        assertThat(back.status()).isEqualTo(201);
        assertThat(back.body().get("changes")).isEmpty();
        assertThat(back.body().get("items").toString()).isEqualTo("{\"a\":\"good\"}");
    }

    @Test
    void linesAreComparedIfAskedFor() throws Exception {
        desk.release(Map.of("script", "one\ntwo\nthree"));
        desk.edit(BOB, Map.of("script", "one\n2\nthree"));

        assertThat(desk.center()
                        .get(desk.namespace() + "/diff", ACME)
                        .body()
                        .get(0)
                        .has("lines"))
                .isFalse();
        JsonNode compared = desk.center()
                .get(desk.namespace() + "/diff?lines=true", ACME)
                .body()
                .get(0);
        assertThat(compared.get("lines")
                        .valueStream()
                        .map(line -> line.get("kind").asString()))
                .containsExactly("SAME", "REMOVED", "ADDED", "SAME");
        JsonNode pending = draft().get("changes").get(0);
        assertThat(pending.get("change")).isEqualTo(compared);
        assertThat(pending.get("author").asString()).isEqualTo("bob");
        assertThat(desk.center()
                        .get(desk.namespace() + "/draft?tenant=acme", GLOBEX)
                        .status())
                .isEqualTo(404);
    }

    private JsonNode draft() throws Exception {
        return desk.center().get(desk.namespace() + "/draft", ACME).body();
    }

    private Answer rollBack(String body) throws Exception {
        return desk.center().post(desk.namespace() + "/rollbacks", ACME, body);
    }
}
