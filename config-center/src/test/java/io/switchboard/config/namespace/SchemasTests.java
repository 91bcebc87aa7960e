package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(OutputCaptureExtension.class)
class SchemasTests {

    private static final String MENU = """
            {"type": "object", "required": ["entries"], "additionalProperties": false,
             "properties": {"entries": {"type": "array", "items": {"$ref": "#/$defs/entry"}}},
             "$defs": {"entry": {"type": "object", "required": ["key", "queue"],
               "properties": {"key": {"type": "integer", "minimum": 0, "maximum": 9},
                              "queue": {"type": "string", "pattern": "^[a-z]+$"},
                              "from": {"type": "string"}}}}}
            """;

    private final Desk desk;
    private final Center center;

    SchemasTests() throws Exception {
        desk = Desk.next("schemas");
        center = desk.center();
    }

    private Center.Answer put(String namespace, String schema) throws Exception {
        return center.put(desk.stage() + "/" + namespace + "/schema", ACME, "{\"schema\":" + schema + "}");
    }

    private long edit(String namespace, String document) throws Exception {
        return desk.edit(desk.stage() + "/" + namespace, ACME, Map.of("content", document));
    }

    private Center.Answer publish(String namespace, long revision, String more) throws Exception {
        return center.post(
                desk.stage() + "/" + namespace + "/releases", ACME, "{\"revision\":" + revision + more + "}");
    }

    @Test
    void aDocumentsKeyMakesNoLineOfItsOwnInTheAudit(CapturedOutput output) throws Exception {
        put("menu.json", "{\"additionalProperties\": {\"type\": \"integer\"}}");
        long revision = edit("menu.json", "{\"a\\nrelease published: author=eve\": \"x\"}");

        assertThat(publish("menu.json", revision, ",\"accept\":\"as agreed\"").status())
                .isEqualTo(201);

        assertThat(output.getOut().lines()).noneMatch(line -> line.startsWith("release published: author=eve"));
        assertThat(output).contains("check overridden: namespace=acme/" + desk.application());
    }

    @Test
    void aDocumentThatDoesNotKeepToItsSchemaIsNotReleasedUnlessSomebodySaysWhy() throws Exception {
        assertThat(put("menu.yaml", MENU).body().get("version").asInt()).isEqualTo(1);
        long revision = edit("menu.yaml", """
                entries:
                - {key: 12, queue: sales, from: 2026-01-01}
                - {key: 2, queue: Hunter2}
                - {queue: support}
                note: x
                """);

        Center.Answer refused = publish("menu.yaml", revision, "");

        assertThat(refused.code()).isEqualTo("DRAFT_UNFIT");
        assertThat(refused.body().get("findings").valueStream().map(SchemasTests::line))
                .containsExactlyInAnyOrder(
                        "entries[0].key: It must be at most 9.",
                        "entries[1].queue: It must match ^[a-z]+$.",
                        "entries[2]: It lacks 'key'.",
                        "content: It may not have 'note'.");
        assertThat(refused.body().toString()).doesNotContain("Hunter2");
        assertThat(center.get(desk.stage() + "/menu.yaml/draft/check", ACME)
                        .body()
                        .get("findings"))
                .isEqualTo(refused.body().get("findings"));
        assertThat(publish("menu.yaml", revision, ",\"accept\":\"the next one reads it\"")
                        .status())
                .isEqualTo(201);

        // Those that were there before are warnings; a new one is not.
        revision = edit("menu.yaml", "entries:\n- {key: 12, queue: sales}\n");
        assertThat(publish("menu.yaml", revision, "").status()).isEqualTo(201);
        revision = edit("menu.yaml", "entries:\n- {key: 12, queue: sales}\n- {key: -1, queue: sales}\n");
        assertThat(publish("menu.yaml", revision, "").code()).isEqualTo("DRAFT_UNFIT");
    }

    private static String line(JsonNode finding) {
        return finding.get("key").asString() + ": " + finding.get("message").asString();
    }

    @Test
    void aJsonDocumentIsHeldAgainstItsSchemaUntilThatIsTakenAway() throws Exception {
        String schema = desk.stage() + "/routing.json/schema";
        assertThat(center.get(schema, ACME).body().toString()).isEqualTo("{\"version\":0}");
        assertThat(put("routing.json", "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"required\":[\"a\"]}")
                        .status())
                .isEqualTo(200);
        assertThat(center.get(schema, ACME).body().get("by").asString()).isEqualTo("ann");
        long revision = edit("routing.json", "{\"b\":1}");
        assertThat(publish("routing.json", revision, "").code()).isEqualTo("DRAFT_UNFIT");
        assertThat(center.put(schema, ACME, "{\"schema\":null,\"version\":7}").code())
                .isEqualTo("CONFLICT");

        assertThat(center.put(schema, ACME, "{\"schema\":null,\"version\":1}")
                        .body()
                        .toString())
                .isEqualTo("{\"version\":2,\"by\":\"ann\"}");

        assertThat(publish("routing.json", revision, "").status()).isEqualTo(201);
        assertThat(center.get(schema, GLOBEX).body().toString()).isEqualTo("{\"version\":0}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"nothing\"}",
                "{\"minimum\":\"x\"}",
                "{\"pattern\":\"(\"}",
                "{\"properties\":{\"a\":{\"pattern\":\"(\"}}}",
                "{\"$schema\":\"http://example.com/mine\"}",
                "{\"$ref\":\"http://127.0.0.1:1/schema\"}",
                "{\"properties\":{\"a\":{\"$ref\":\"https://example.com/schema\"}}}",
                "{\"properties\":{\"a\":{\"$ref\":\"file:///etc/hostname\"}}}",
                "{\"properties\":{\"a\":{\"$ref\":\"classpath:/config-center.yaml\"}}}",
                "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/none\"}}}"
            })
    void whatIsNoSchemaOrRefersElsewhereIsRefused(String schema) throws Exception {
        assertThat(put("menu.yaml", schema).code()).isEqualTo("INVALID_SCHEMA");
    }

    @Test
    void aReferenceThatLeadsOutOfASchemaIsNamed() throws Exception {
        assertThat(put("menu.yaml", "{\"properties\":{\"a\":{\"$ref\":\"https://example.com/schema\"}}}")
                        .body()
                        .get("detail")
                        .asString())
                .isEqualTo("'$ref' https://example.com/schema leads out of the schema, and nothing is loaded for one.");
        assertThat(put("menu.yaml", "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/none\"}}}")
                        .body()
                        .get("detail")
                        .asString())
                .isEqualTo("It can't be used: a '$ref' leads nowhere, or a 'pattern' is none.");
    }

    @Test
    void itemsHaveNoSchema() throws Exception {
        assertThat(put("application", "{}").code()).isEqualTo("NO_DOCUMENT");
        assertThat(put("notes.txt", "{}").code()).isEqualTo("NO_DOCUMENT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // For ever.
                "{\"$ref\":\"#\"}",
                "{\"allOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}",
                // Twice as much with each level of the document.
                "{\"$ref\":\"#/$defs/n\",\"$defs\":{\"n\":{\"properties\":{\"a\":{\"allOf\":[{\"$ref\":\"#/$defs/n\"},"
                        + "{\"$ref\":\"#/$defs/n\"}]}}}}}",
                // Polynomial, with a backreference against the engine's shortcuts.
                "{\"properties\":{\"t\":{\"pattern\":\"^(.*)(.*)(.*)(.*)(.*)\\\\1Q$\"}}}"
            })
    void aSchemaThatTakesForEverEndsSoon(String schema) throws Exception {
        String nested = "{\"a\":".repeat(40) + "1" + "}".repeat(40);
        long revision = edit("deep.json", "{\"t\":\"" + "a".repeat(3_000) + "\",\"a\":" + nested + "}");
        long start = System.nanoTime();

        if (put("deep.json", schema).status() == 200) {
            Center.Answer answer = publish("deep.json", revision, "");
            assertThat(answer.code()).isEqualTo("DRAFT_UNFIT");
            assertThat(answer.body().get("findings").get(0).get("message").asString())
                    .contains("takes more than may be spent");
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void aSchemaIsReadBackAsItWasSet() throws Exception {
        put("menu.yaml", MENU);

        assertThat(center.get(desk.stage() + "/menu.yaml/schema", ACME).body().get("schema"))
                .isEqualTo(new JsonMapper().readTree(MENU));
    }
}
