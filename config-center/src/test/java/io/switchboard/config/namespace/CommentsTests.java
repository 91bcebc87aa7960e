package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommentsTests {

    private final Desk desk;
    private final JsonMapper json =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    CommentsTests() throws Exception {
        desk = Desk.next("commented");
    }

    private Answer comment(Map<String, @Nullable String> comments) throws Exception {
        return change(Map.of(), comments);
    }

    private Answer change(Map<String, @Nullable String> items, Map<String, @Nullable String> comments)
            throws Exception {
        return desk.center()
                .put(
                        desk.namespace() + "/draft/items",
                        ACME,
                        json.writeValueAsString(Map.of("items", items, "comments", comments)));
    }

    private void publish(Answer changed) throws Exception {
        assertThat(changed.status()).as(changed.body().toString()).isEqualTo(200);
        assertThat(desk.publish(ACME, changed.body().get("revision").asLong()).status())
                .isEqualTo(201);
    }

    private JsonNode namespace() throws Exception {
        return desk.center().get(desk.namespace(), ACME).body();
    }

    private JsonNode get(String below) throws Exception {
        return desk.center().get(desk.namespace() + below, ACME).body();
    }

    @Test
    void aCommentWaitsInTheDraftAndIsReleasedWithIt() throws Exception {
        publish(change(Map.of("wait", "30", "greeting", "Hello"), Map.of("wait", "In seconds.\nAt most 60.")));
        publish(change(Map.of("greeting", "Hi"), Map.of("greeting", "On the phone.")));
        comment(Map.of("wait", "In minutes."));

        JsonNode namespace = namespace();
        assertThat(namespace.get("comments").get("wait").asString()).isEqualTo("In minutes.");
        assertThat(namespace.get("releasedComments").get("wait").asString()).isEqualTo("In seconds.\nAt most 60.");
        assertThat(namespace.get("changes")).hasSize(1);
        JsonNode change = namespace.get("changes").get(0);
        assertThat(change.get("before")).isEqualTo(change.get("after"));
        assertThat(change.get("comment").get("before").asString()).isEqualTo("In seconds.\nAt most 60.");
        assertThat(change.get("comment").get("after").asString()).isEqualTo("In minutes.");
        assertThat(get("/draft").get("changes").get(0).get("author").asString()).isEqualTo("ann");

        assertThat(get("/releases/1").get("comments").propertyNames()).containsExactly("wait");
        assertThat(get("/releases/2").get("comments").propertyNames()).containsExactly("greeting", "wait");
        assertThat(get("/diff?from=1&to=2").get(0).get("comment").get("after").asString())
                .isEqualTo("On the phone.");
        assertThat(get("/blame").get(1).get("comment").asString()).isEqualTo("In seconds.\nAt most 60.");
    }

    @Test
    void whatIsNotNamedStaysAndANullOrTheItemsEndTakesItAway() throws Exception {
        change(Map.of("a", "1", "b", "1", "c", "1"), Map.of("a", "A", "b", "B", "c", "C"));
        Map<String, @Nullable String> none = new HashMap<>();
        none.put("a", null);
        desk.edit(ACME, Map.of("b", "2"));
        comment(none);
        Map<String, @Nullable String> gone = new HashMap<>();
        gone.put("c", null);
        desk.edit(ACME, gone);

        assertThat(namespace().get("comments").toString()).isEqualTo("{\"b\":\"B\"}");
        desk.edit(ACME, Map.of("c", "again"));
        assertThat(namespace().get("comments").has("c")).isFalse();
        long revision = namespace().get("revision").asLong();
        assertThat(comment(Map.of("b", "B")).body().get("revision").asLong()).isEqualTo(revision);
    }

    @Test
    void aReleaseOfCommentsAloneHasTheSameContentForClients() throws Exception {
        publish(change(Map.of("wait", "30"), Map.of()));
        String before = namespace().get("release").get("contentHash").asString();

        publish(comment(Map.of("wait", "In seconds.")));

        JsonNode release = namespace().get("release");
        assertThat(release.get("number").asInt()).isEqualTo(2);
        assertThat(release.get("contentHash").asString()).isEqualTo(before);
        assertThat(get("/blame").get(0).get("release").get("number").asInt()).isEqualTo(1);
        long revision = namespace().get("revision").asLong();
        assertThat(desk.publish(ACME, revision).code()).isEqualTo("NOTHING_TO_PUBLISH");
    }

    @Test
    void clientsAreNotGivenComments() throws Exception {
        publish(change(Map.of("wait", "30"), Map.of("wait", "Only-for-people")));
        var path = new NamespacePath("acme", desk.application(), "prod", "application");

        Map<String, byte[]> read = desk.center()
                .bean(Ensemble.class)
                .ask(zookeeper -> Map.of(
                        "current", zookeeper.getData().forPath(path.current()),
                        "release", zookeeper.getData().forPath(path.release(1))));

        assertThat(Release.decode(read.getOrDefault("release", new byte[0]))
                        .items()
                        .values())
                .isEqualTo(Map.of("wait", "30"));
        read.values()
                .forEach(content -> assertThat(new String(content, StandardCharsets.ISO_8859_1))
                        .doesNotContain("Only-for-people"));
    }

    @Test
    void aRollbackBringsTheCommentsOfThatTimeBack() throws Exception {
        publish(change(Map.of("wait", "30"), Map.of("wait", "In seconds.")));
        publish(change(Map.of("wait", "1"), Map.of("wait", "In minutes.")));

        Answer back = desk.center().post(desk.namespace() + "/rollbacks", ACME, "{\"from\":2,\"to\":1}");

        assertThat(back.status()).isEqualTo(201);
        assertThat(namespace().get("releasedComments").get("wait").asString()).isEqualTo("In seconds.");
        assertThat(namespace().get("comments").get("wait").asString()).isEqualTo("In minutes.");
    }

    @Test
    void aPartIsPublishedWithItsCommentsAndNoOthers() throws Exception {
        publish(change(Map.of("a", "1", "b", "1"), Map.of()));
        Answer changed = change(Map.of("a", "2"), Map.of("a", "A", "b", "B"));

        Answer published = desk.center()
                .post(
                        desk.namespace() + "/releases",
                        ACME,
                        "{\"only\":[\"a\"],\"revision\":" + changed.body().get("revision") + "}");

        assertThat(published.status()).isEqualTo(201);
        assertThat(namespace().get("releasedComments").toString()).isEqualTo("{\"a\":\"A\"}");
        assertThat(namespace()
                        .get("changes")
                        .valueStream()
                        .map(change -> change.get("key").asString()))
                .containsExactly("b");
    }

    @Test
    void anEncryptedItemHasAPlainCommentThatOutlivesItsNextValueAndKey() throws Exception {
        desk.encrypt(ACME, Map.of("password", "hunter2"));
        publish(comment(Map.of("password", "Of the trunk; ask Bob for it.")));
        desk.encrypt(ACME, Map.of("password", "hunter3"));
        desk.publish(ACME, namespace().get("revision").asLong());

        Answer sealed = desk.center().post(desk.namespace() + "/data-key/rotations", ACME, "{}");

        assertThat(sealed.status()).as(sealed.body().toString()).isEqualTo(200);
        assertThat(namespace().get("releasedComments").get("password").asString())
                .isEqualTo("Of the trunk; ask Bob for it.");
        assertThat(namespace().get("changes")).isEmpty();
    }

    @Test
    void whatApplicationsSeeHasTheNearestComment() throws Exception {
        String common = "/api/v1/config/" + desk.application() + "/prod/common";
        Answer shared = desk.center()
                .put(
                        common + "/draft/items",
                        ACME,
                        json.writeValueAsString(Map.of(
                                "items", Map.of("wait", "30", "ring", "20"),
                                "comments", Map.of("wait", "In seconds.", "ring", "At the desk."))));
        desk.center()
                .post(
                        common + "/releases",
                        ACME,
                        "{\"revision\":" + shared.body().get("revision") + "}");
        publish(change(
                Map.of("switchboard.inherits", "common", "wait", "40", "ring", "10"), Map.of("ring", "At the door.")));

        JsonNode items = get("/effective").get("items");

        assertThat(items.valueStream()
                        .map(item -> item.get("key").asString() + " "
                                + item.get("comment").asString()))
                .containsExactly("ring At the door.", "wait In seconds.");
    }

    @Test
    void oldReleasesGoWithTheirComments() throws Exception {
        publish(change(Map.of("a", "0"), Map.of("a", "A")));
        for (int release = 2; release <= ReleaseHistory.KEPT + 2; release++) {
            desk.release(Map.of("a", String.valueOf(release)));
        }
        var path = new NamespacePath("acme", desk.application(), "prod", "application");

        List<String> kept = desk.center()
                .bean(Ensemble.class)
                .ask(zookeeper -> zookeeper.getChildren().forPath(path.comments()));

        assertThat(kept).hasSize(ReleaseHistory.KEPT).doesNotContain("1", "2");
    }

    @Test
    void aCopyToAnotherStageTakesThemAlong() throws Exception {
        change(Map.of("wait", "30"), Map.of("wait", "In seconds."));

        desk.center()
                .post(
                        "/api/v1/config-copies",
                        ACME,
                        "{\"application\":\"" + desk.application() + "\",\"from\":\"prod\",\"to\":\"test\"}");

        JsonNode copy = desk.center()
                .get(desk.namespace().replace("/prod/", "/test/"), ACME)
                .body();
        assertThat(copy.get("comments").get("wait").asString()).isEqualTo("In seconds.");
    }

    @Test
    void anArchiveHasThemInItsFiles() throws Exception {
        change(Map.of("wait", "30", "b", "1"), Map.of("wait", "In seconds.\n\nAt most 60."));
        String archive = "/api/v1/config-archives?application=" + desk.application();
        byte[] zip = desk.center().download(archive, ACME).body();

        desk.center().upload("/api/v1/config-archives", GLOBEX, zip);

        assertThat(desk.center()
                        .get(desk.namespace(), GLOBEX)
                        .body()
                        .get("comments")
                        .toString())
                .isEqualTo("{\"wait\":\"In seconds.\\n\\nAt most 60.\"}");
        assertThat(desk.center().download(archive, GLOBEX).body()).isEqualTo(zip);
        comment(Map.of("b", "Said later."));
        desk.center().upload("/api/v1/config-archives", ACME, zip);
        assertThat(namespace().get("comments").has("b")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a tab\tin it", "a carriage return\r", "a bell\u0007"})
    void controlCharactersAreRefused(String comment) throws Exception {
        desk.edit(ACME, Map.of("wait", "30"));

        Answer answer = comment(Map.of("wait", comment));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("INVALID_COMMENT");
        assertThat(answer.body().get("detail").asString()).contains("'wait'").doesNotContain(comment);
    }

    @Test
    void whatIsTooLongOrOfNothingIsRefusedAndNothingIsChanged() throws Exception {
        assertThat(change(Map.of("a", "1"), Map.of("b", "Nowhere.")).code()).isEqualTo("INVALID_COMMENT");
        assertThat(change(Map.of("a", "1"), Map.of("a", "x".repeat(1_001))).code())
                .isEqualTo("INVALID_COMMENT");
        assertThat(namespace().get("revision").asLong()).isZero();
        assertThat(desk.center().get(desk.stage(), ACME).body()).isEmpty();

        assertThat(change(Map.of("a", "1"), Map.of("a", "\ud83d\ude00".repeat(1_000)))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aDocumentHasItsCommentsInItsText() throws Exception {
        Answer answer = desk.center()
                .put(
                        desk.stage() + "/menu.yaml/draft/items",
                        ACME,
                        json.writeValueAsString(Map.of(
                                "items", Map.of("content", "# Of callers.\na: 1\n"),
                                "comments", Map.of("content", "The menu."))));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("INVALID_COMMENT");
    }
}
