package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.NamespacePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

@ExtendWith(OutputCaptureExtension.class)
class StagesTests {

    private final Desk desk;
    private final String test;

    StagesTests() throws Exception {
        desk = Desk.next("staged");
        test = "/api/v1/config/" + desk.application() + "/test/application";
    }

    @Test
    void whatDiffersIsToldAndCopiedInOneStep(CapturedOutput output) throws Exception {
        desk.edit(test, ACME, Map.of("a", "hunter2", "same", "1"));
        desk.edit(test.replace("/application", "/routing"), ACME, Map.of("r", "1"));
        desk.edit(ACME, Map.of("same", "1", "only-here", "1"));

        JsonNode compared = compare().body();
        assertThat(keys(compared)).containsExactly("application: a, only-here", "routing: r");

        Answer copied = copy(",\"remove\":true,\"revisions\":{\"application\":1}");
        assertThat(copied.status()).isEqualTo(200);
        assertThat(keys(copied.body())).isEqualTo(keys(compared));
        assertThat(copied.body().get(0).get("revision").asLong()).isEqualTo(2);
        assertThat(compare().body()).isEmpty();
        assertThat(copy("").body()).isEmpty();
        assertThat(desk.center().get(desk.namespace() + "/releases", ACME).body())
                .isEmpty();
        assertThat(output)
                .contains("draft changed: namespace=acme/" + desk.application() + "/prod/routing author=ann")
                .doesNotContain("hunter2");
    }

    @Test
    void aCopyThatWasOvertakenChangesNothing() throws Exception {
        desk.edit(test, ACME, Map.of("a", "1"));
        desk.edit(test.replace("/application", "/routing"), ACME, Map.of("r", "1"));
        desk.edit(ACME, Map.of("a", "2"));

        Answer stale = copy(",\"revisions\":{\"routing\":7}");

        assertThat(stale.code()).isEqualTo("STALE_REVISION");
        assertThat(desk.center()
                        .get(desk.namespace(), ACME)
                        .body()
                        .get("items")
                        .get("a")
                        .asString())
                .isEqualTo("2");
        assertThat(copy(",\"namespaces\":[\"routing\"]").body()).hasSize(1);
        assertThat(copy(",\"namespaces\":[\"nothing\"]").status()).isEqualTo(404);
        assertThat(desk.center()
                        .get("/api/v1/config-copies?application=" + desk.application() + "&from=none&to=prod", ACME)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aTextIsFoundEverywhereAndReplacedAsPreviewed() throws Exception {
        String old = "sip-" + desk.application() + ".example";
        desk.edit(test, ACME, Map.of("trunk", "sip:" + old + ":5060"));
        desk.release(Map.of("trunk", "sip:" + old + ":5061", "other", "x"));
        desk.edit(desk.stage() + "/menu.yaml", ACME, Map.of("content", "trunk: " + old + "\n"));

        JsonNode hits = search("SIP-" + desk.application() + ".example").get("hits");
        assertThat(hits.valueStream()
                        .map(hit -> hit.get("stage").asString() + "/"
                                + hit.get("namespace").asString() + " " + hit.get("released")))
                .containsExactly("prod/application true", "prod/menu.yaml false", "test/application false");
        assertThat(hits.get(0).get("excerpt").asString()).contains(old);

        String wish = "{\"find\":\"" + old + "\",\"replace\":\"sip.example\"";
        JsonNode preview = replace(ACME, wish + "}").body();
        assertThat(preview).hasSize(3);
        assertThat(desk.center().get(test, ACME).body().get("revision").asLong())
                .isEqualTo(1);

        String revisions = ",\"revisions\":{" + String.join(",", revisions(preview)) + "}}";
        desk.edit(desk.stage() + "/menu.yaml", ACME, Map.of("content", "trunk: " + old + "\nmore: 1\n"));
        assertThat(replace(ACME, wish + revisions).code()).isEqualTo("STALE_REVISION");
        assertThat(search(old).get("hits")).hasSize(3);

        preview = replace(ACME, wish + "}").body();
        revisions = ",\"revisions\":{" + String.join(",", revisions(preview)) + "}}";
        assertThat(replace(ACME, wish + revisions).body()).hasSize(3);
        assertThat(search(old).get("hits"))
                .as("clients read what was released")
                .singleElement()
                .satisfies(hit -> {
                    assertThat(hit.get("in").asString()).isEqualTo("RELEASED");
                    assertThat(hit.get("released").asBoolean()).isTrue();
                    assertThat(hit.get("excerpt").asString()).contains(old);
                });
    }

    @Test
    void whatIsReleasedOrEncryptedOrCommentedIsFoundToo() throws Exception {
        String text = "text-" + desk.application();
        desk.release(Map.of("both", text + " 1", "same", text, "live", text, "other", "x"));
        Map<String, @Nullable String> edits = new HashMap<>(Map.of("both", text + " 2", "next", text));
        edits.put("live", null);
        desk.edit(ACME, edits);
        desk.encrypt(ACME, Map.of("password." + text, "hunter2-" + text, "pin", text));
        String comment = "{\"items\":{},\"comments\":{\"other\":\"see " + text + "\"}}";
        assertThat(desk.center()
                        .put(desk.namespace() + "/draft/items", ACME, comment)
                        .status())
                .isEqualTo(200);

        JsonNode hits = search(text.toUpperCase(Locale.ROOT)).get("hits");

        assertThat(hits.valueStream()
                        .map(hit ->
                                hit.get("key").asString() + " " + hit.get("in").asString() + " " + hit.get("released")))
                .containsExactly(
                        "both BOTH false",
                        "live RELEASED true",
                        "next DRAFT false",
                        "other DRAFT true",
                        "password." + text + " DRAFT false",
                        "same BOTH true");
        assertThat(hits.get(3).get("comment").asString()).isEqualTo("see " + text);
        assertThat(hits.get(3).get("excerpt").asString()).isEqualTo("x");
        assertThat(hits.get(4).get("excerpt").asString()).startsWith("(encrypted");
        assertThat(hits.get(0).has("comment")).isFalse();
    }

    @Test
    void aReplacementThatLeavesNoDocumentChangesNothing() throws Exception {
        desk.edit(desk.stage() + "/menu.yaml", ACME, Map.of("content", "limit: q1x\n"));
        desk.edit(ACME, Map.of("limit", "q1x"));
        String wish = "{\"find\":\"q1x\",\"replace\":\"[\",\"application\":\"" + desk.application() + "\"}";

        assertThat(replace(ACME, wish).code()).isEqualTo("INVALID_DOCUMENT");
        assertThat(replace(ACME, "{\"find\":\"\",\"replace\":\"\"}").code()).isEqualTo("INVALID_REQUEST");
        assertThat(replace(ACME, "{\"find\":\"x\",\"replace\":\"y\",\"revisions\":{\"x\":1}}")
                        .code())
                .isEqualTo("INVALID_REQUEST");
    }

    @Test
    void anotherTenantFindsAndChangesNothing() throws Exception {
        String text = "only-" + desk.application();
        desk.edit(ACME, Map.of("a", text));

        JsonNode found =
                desk.center().get("/api/v1/config-search?text=" + text, GLOBEX).body();
        assertThat(found.get("hits")).isEmpty();
        assertThat(desk.center()
                        .get("/api/v1/config-search?tenant=acme&text=" + text, GLOBEX)
                        .status())
                .isEqualTo(404);
        assertThat(desk.center()
                        .get("/api/v1/config-search?text=" + text + "&cursor=../x", ACME)
                        .code())
                .isEqualTo("INVALID_REQUEST");
        assertThat(replace(
                                GLOBEX,
                                "{\"find\":\"" + text + "\",\"replace\":\"x\",\"revisions\":{\"" + desk.application()
                                        + "/prod/application\":1}}")
                        .code())
                .isEqualTo("STALE_REVISION");
        assertThat(desk.center()
                        .get("/api/v1/config-search?text=" + text + "&stage=prod", ACME)
                        .body()
                        .get("hits"))
                .hasSize(1);
    }

    @Test
    void theTreeIsReadInPages() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            desk.edit(desk.stage() + "/" + name, ACME, Map.of("k", "1"));
        }
        desk.edit(test, ACME, Map.of("k", "1"));
        NamespaceTree tree = desk.center().bean(NamespaceTree.class);
        List<String> seen = new ArrayList<>();
        Optional<NamespacePath> after = Optional.empty();
        for (int page = 0; page < 3; page++) {
            var scope = new NamespaceTree.Scope("acme", Optional.of(desk.application()), Optional.empty(), after);
            var paths = tree.list(scope, 2);
            paths.forEach(path -> seen.add(path.stage() + "/" + path.namespace()));
            after = paths.isEmpty() ? after : Optional.of(paths.getLast());
        }

        assertThat(seen).containsExactly("prod/a", "prod/b", "prod/c", "test/application");
    }

    private Answer compare() throws Exception {
        return desk.center()
                .get("/api/v1/config-copies?application=" + desk.application() + "&from=test&to=prod", ACME);
    }

    private Answer copy(String more) throws Exception {
        return desk.center()
                .post(
                        "/api/v1/config-copies",
                        ACME,
                        "{\"application\":\"" + desk.application() + "\",\"from\":\"test\",\"to\":\"prod\"" + more
                                + "}");
    }

    private Answer replace(String token, String body) throws Exception {
        return desk.center().post("/api/v1/config-replacements", token, body);
    }

    private JsonNode search(String text) throws Exception {
        return desk.center().get("/api/v1/config-search?text=" + text, ACME).body();
    }

    private static List<String> revisions(JsonNode differences) {
        return differences
                .valueStream()
                .map(one -> "\"" + one.get("application").asString() + "/"
                        + one.get("stage").asString() + "/"
                        + one.get("namespace").asString() + "\":"
                        + one.get("revision"))
                .toList();
    }

    private static List<String> keys(JsonNode differences) {
        return differences
                .valueStream()
                .map(one -> one.get("namespace").asString() + ": "
                        + String.join(
                                ", ",
                                one.get("changes")
                                        .valueStream()
                                        .map(change -> change.get("key").asString())
                                        .toList()))
                .toList();
    }
}
