package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.namespace.Center.Answer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormatsTests {

    private final Desk desk;

    FormatsTests() throws Exception {
        desk = Desk.next("formats");
    }

    @Test
    void aDocumentIsDraftedPublishedAndComparedLikeItems() throws Exception {
        String menu = desk.stage() + "/menu.yaml";
        long revision = desk.edit(menu, ACME, Map.of("content", "greeting: Hello\nlimit: 3\n"));
        assertThat(desk.center()
                        .post(menu + "/releases", ACME, "{\"revision\":" + revision + "}")
                        .status())
                .isEqualTo(201);
        desk.edit(menu, ACME, Map.of("content", "greeting: Hello\nlimit: 4\n"));

        Answer draft = desk.center().get(menu + "/draft", ACME);
        Answer view = desk.center().get(menu, ACME);

        assertThat(view.body().get("format").asString()).isEqualTo("YAML");
        assertThat(draft.body()
                        .get("changes")
                        .get(0)
                        .get("change")
                        .get("lines")
                        .valueStream()
                        .map(line -> line.get("kind").asString()))
                .containsExactly("SAME", "REMOVED", "ADDED", "SAME");
        assertThat(desk.center()
                        .get(desk.stage(), ACME)
                        .body()
                        .get(0)
                        .get("format")
                        .asString())
                .isEqualTo("YAML");
    }

    @Test
    void whatIsNoDocumentLeavesNothingBehind() throws Exception {
        Answer yaml = put("menu.yaml", Map.of("content", "a: [hunter2"));
        assertThat(yaml.status()).isEqualTo(400);
        assertThat(yaml.code()).isEqualTo("INVALID_DOCUMENT");
        assertThat(yaml.body().get("line").asInt()).isPositive();
        assertThat(yaml.body().toString()).doesNotContain("hunter2");
        assertThat(put("menu.json", Map.of("content", "{")).code()).isEqualTo("INVALID_DOCUMENT");
        assertThat(put("menu.yaml", Map.of("greeting", "Hello")).code()).isEqualTo("INVALID_KEY");
        assertThat(put("notes.txt", Map.of("content", "x".repeat(DocumentRules.LARGEST + 1)))
                        .code())
                .isEqualTo("ITEM_TOO_LARGE");
        assertThat(desk.center().get(desk.stage(), ACME).body()).isEmpty();
        assertThat(put("notes.txt", Map.of("content", "a: [ {" + "x".repeat(100_000)))
                        .status())
                .isEqualTo(200);
    }

    private Answer put(String namespace, Map<String, String> items) throws Exception {
        return desk.center()
                .put(
                        desk.stage() + "/" + namespace + "/draft/items",
                        ACME,
                        desk.center().items(Map.copyOf(items)));
    }
}
