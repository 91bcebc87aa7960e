package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.namespace.Center.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Some of a draft's changes published, the others left waiting. */
class PartTests {

    private final Desk desk;

    PartTests() throws Exception {
        desk = Desk.next("part");
    }

    @Test
    void onlyWhatIsNamedIsPublishedAndTheRestWaits() throws Exception {
        desk.release(Map.of("changed", "1", "gone", "1", "waits", "1"));
        Map<String, @Nullable String> changes = new HashMap<>(Map.of("changed", "2", "added", "2", "waits", "2"));
        changes.put("gone", null);
        long revision = desk.edit(ACME, changes);

        assertThat(publish(revision, "changed", "added", "gone").status()).isEqualTo(201);

        assertThat(released()).isEqualTo(Map.of("changed", "2", "added", "2", "waits", "1"));
        assertThat(pending()).containsExactly("waits");
        assertThat(publish(revision, "changed").code()).isEqualTo("NOT_PENDING");
        assertThat(desk.publish(ACME, revision).status()).isEqualTo(201);
        assertThat(released()).containsEntry("waits", "2");
    }

    @Test
    void aPartMayTurnAnItemIntoAnEncryptedOne() throws Exception {
        desk.release(Map.of("password", "open", "a", "1"));
        desk.edit(ACME, Map.of("a", "2"));
        long revision = desk.encrypt(ACME, Map.of("password", "sealed"));

        assertThat(publish(revision, "password").status()).isEqualTo(201);

        assertThat(released()).isEqualTo(Map.of("a", "1"));
        assertThat(desk.center().get(desk.namespace() + "/secrets", ACME).body().toString())
                .contains("password");
        assertThat(pending()).containsExactly("a");
    }

    @Test
    void whatDoesNotWaitIsNamedInTheRefusal() throws Exception {
        desk.release(Map.of("a", "1"));
        long revision = desk.edit(ACME, Map.of("a", "2"));

        Answer refused = publish(revision, "a", "unknown");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("NOT_PENDING");
        assertThat(refused.body().get("keys").valueStream().map(JsonNode::asString))
                .containsExactly("unknown");
        assertThat(released()).isEqualTo(Map.of("a", "1"));
        Answer none =
                desk.center().post(desk.namespace() + "/releases", ACME, "{\"revision\":" + revision + ",\"only\":[]}");
        assertThat(none.code()).isEqualTo("INVALID_REQUEST");
        assertThat(none.body().get("detail").asString()).contains("only must name 1 to 1000 keys");
    }

    /** The part's release would be the one in effect, and nothing would tell any more that the rest was taken back. */
    @Test
    void aPartDoesNotMakeOneForgetWhatWasTakenBack() throws Exception {
        desk.release(Map.of("a", "good"));
        desk.release(Map.of("a", "bad"));
        assertThat(desk.center()
                        .post(desk.namespace() + "/rollbacks", ACME, "{\"from\":2,\"to\":1}")
                        .status())
                .isEqualTo(201);
        long revision = desk.edit(ACME, Map.of("b", "new"));

        assertThat(publish(revision, "b").code()).isEqualTo("TAKEN_BACK");
    }

    @Test
    void whereDraftsNeedApprovalNoPartIsPublishedAlone() throws Exception {
        desk.release(Map.of("a", "1"));
        long revision = desk.edit(ACME, Map.of("a", "2", "b", "2"));
        assertThat(desk.center()
                        .put(
                                "/api/v1/config-rules/" + desk.application() + "/prod",
                                ACME,
                                "{\"review\":true,\"publishers\":[]}")
                        .status())
                .isEqualTo(200);

        assertThat(publish(revision, "a").code()).isEqualTo("REVIEW_NEEDED");
        assertThat(released()).isEqualTo(Map.of("a", "1"));
    }

    private Answer publish(long revision, String... only) throws Exception {
        String keys = String.join("\",\"", List.of(only));
        return desk.center()
                .post(
                        desk.namespace() + "/releases",
                        ACME,
                        "{\"revision\":" + revision + ",\"only\":[\"" + keys + "\"]}");
    }

    private Map<String, String> released() throws Exception {
        Map<String, String> items = new HashMap<>();
        desk.center()
                .get(desk.namespace(), ACME)
                .body()
                .get("released")
                .properties()
                .forEach(item -> items.put(item.getKey(), item.getValue().asString()));
        return items;
    }

    private List<String> pending() throws Exception {
        return desk.center()
                .get(desk.namespace(), ACME)
                .body()
                .get("changes")
                .valueStream()
                .map(change -> change.get("key").asString())
                .toList();
    }
}
