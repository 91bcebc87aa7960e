package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import tools.jackson.databind.JsonNode;

/** What the effective view tells of a document, against what an application reads of it. */
class EffectiveDocumentTests {

    private static final String MENU = """
            # Who is called
            defaults: &defaults
              ring: 30s
            desks:
              - name: Sales
                <<: *defaults
              - name: Support
                hours: []
                floors: [1, 2]
            note: |
              one
              two
            none:
            switchboard.shared: "*"
            """;

    private static final String HOURS = """
            {
              "hours": {"open": 8, "days": [],
                "none": null, "nothing": {}},
              "menu": [
                "Sales",
                {"name": "Support"}
              ],
              "a.b": 1,
              "a": {"b": [
                true, -0.5],
              "b[0]": false }
            }
            """;

    @TempDir
    private Path cache;

    private final Desk desk;
    private final Center center;

    EffectiveDocumentTests() throws Exception {
        desk = Desk.next("leaves");
        center = desk.center();
    }

    @Test
    void aDocumentHasTheKeysThatApplicationsReadEachWithItsReleaseAndLine() throws Exception {
        publish("menu.yaml", MENU);
        publish("hours.json", HOURS);
        publish("notes.txt", "Hello ${caller}\n");

        JsonNode menu = effective("menu.yaml");
        JsonNode hours = effective("hours.json");
        JsonNode notes = effective("notes.txt");

        assertThat(places(menu)).isEqualTo("""
                defaults.ring at 3
                desks[0].name at 5
                desks[0].ring at 3
                desks[1].floors[0] at 9
                desks[1].floors[1] at 9
                desks[1].hours at 8
                desks[1].name at 7
                none at 13
                note at 10
                """);
        assertThat(places(hours)).isEqualTo("""
                a.b at 8
                a.b[0] at 11
                a.b[1] at 10
                hours.days at 2
                hours.open at 2
                menu[0] at 5
                menu[1].name at 6
                """);
        assertThat(notes.at("/items/0").has("line")).isFalse();
        assertThat(menu.at("/items/0/source/namespace").asString()).isEqualTo("menu.yaml");
        assertThat(menu.at("/items/0/source/release").asLong()).isEqualTo(1);
        assertThat(menu.has("problem")).isFalse();
        try (var task = desk.task(
                cache, "spring.config.import=switchboard:menu.yaml,switchboard:hours.json,switchboard:notes.txt")) {
            assertThat(values(menu)).isEqualTo(read(task.getEnvironment(), "menu.yaml"));
            assertThat(values(hours)).isEqualTo(read(task.getEnvironment(), "hours.json"));
            assertThat(values(notes)).isEqualTo(read(task.getEnvironment(), "notes.txt"));
        }
    }

    @Test
    void aDraftIsShownAndComparedByWhatItChangesForApplications() throws Exception {
        publish("menu.yaml", MENU);
        publish("notes.txt", "Hello\n");
        desk.edit(namespace("menu.yaml"), ACME, Map.of("content", "# For all\n" + MENU));

        assertThat(differences("menu.yaml", false))
                .as("a comment is none for them")
                .isEmpty();
        assertThat(places(view("menu.yaml", true))).contains("note at 11");
        assertThat(view("menu.yaml", true).at("/items/0/source").has("release")).isFalse();
        assertThat(places(effective("menu.yaml"))).contains("note at 10");

        desk.edit(namespace("menu.yaml"), ACME, Map.of("content", MENU.replace("30s", "20s")));
        desk.edit(namespace("notes.txt"), ACME, Map.of("content", "Good day\n"));

        JsonNode keys = differences("menu.yaml", false);
        assertThat(keys.valueStream().map(change -> change.get("key").asString()))
                .containsExactly("defaults.ring", "desks[0].ring");
        assertThat(keys.get(0).get("before").asString()).isEqualTo("30s");
        assertThat(keys.get(0).get("after").asString()).isEqualTo("20s");
        JsonNode text = differences("menu.yaml", true);
        assertThat(text.valueStream().map(change -> change.get("key").asString()))
                .containsExactly("content");
        assertThat(text.at("/0/lines")
                        .valueStream()
                        .filter(line -> !line.get("kind").asString().equals("SAME"))
                        .map(line -> line.get("text").asString()))
                .containsExactly("  ring: 30s", "  ring: 20s");
        assertThat(differences("notes.txt", false).at("/0/key").asString()).isEqualTo("notes.txt");
        assertThat(differences("notes.txt", true).at("/0/lines/0/text").asString())
                .isEqualTo("Hello");
    }

    /** As a center may have left them that knew no documents. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "menu.yaml | a: [hunter2 | no YAML",
                "menu.yaml | 'a: hunter2\n---\nb: 1\n' | no YAML",
                "menu.yaml | hunter2 | no mapping",
                "menu.json | {\"a\": 1, \"a\": hunter2} | no JSON",
                "menu.json | [\"hunter2\"] | no object"
            })
    void whatIsNoDocumentHasNoKeysAndSaysWhy(String name, String text, String problem) throws Exception {
        draft(name, text);

        JsonNode draft = view(name, true);
        assertThat(draft.get("items")).isEmpty();
        assertThat(draft.get("problem").asString()).contains(problem).doesNotContain("hunter2");
        for (boolean lines : new boolean[] {false, true}) {
            assertThat(differences(name, lines)
                            .valueStream()
                            .map(change -> change.get("key").asString()))
                    .containsExactly("content");
        }
        assertThat(effective(name).has("problem")).as("nothing is released").isFalse();
    }

    @Test
    void whatManyAliasesStandForIsNeitherAnsweredNorInherited() throws Exception {
        String text = "a: &a " + "x".repeat(95_000) + "\nb: [" + "*a ,".repeat(24_000) + "]\n";
        publish("menu.yaml", text);

        assertThat(effective("menu.yaml").get("problem").asString()).contains("aliases");
        assertThat(effective("menu.yaml").get("items")).isEmpty();
        Answer heir = desk.publish(ACME, desk.edit(ACME, Map.of("switchboard.inherits", "menu.yaml")));
        assertThat(heir.code()).as(heir.body().toString()).isEqualTo("NAMESPACE_FULL");
    }

    @Test
    @Timeout(60)
    void asManyLeavesAsADocumentMayHaveAreShown() throws Exception {
        publish(
                "menu.json",
                IntStream.range(0, 40_000)
                        .mapToObj(number -> "1")
                        .collect(Collectors.joining(",", "{\"menu\": [", "]}")));

        assertThat(effective("menu.json").get("items").size()).isEqualTo(40_000);
    }

    private String namespace(String name) {
        return desk.stage() + "/" + name;
    }

    private void publish(String name, String text) throws Exception {
        long revision = desk.edit(namespace(name), ACME, Map.of("content", text));
        assertThat(center.post(namespace(name) + "/releases", ACME, "{\"revision\":" + revision + "}")
                        .status())
                .isEqualTo(201);
    }

    private void draft(String name, String text) throws Exception {
        desk.edit(namespace(name), ACME, Map.of("content", name.endsWith("json") ? "{}" : "a: 1"));
        var content = new Content(Items.of(Map.of("content", text)), Comments.NONE);
        byte[] draft = new Draft(content, Items.NONE).encode();
        String node = new NamespacePath("acme", desk.application(), "prod", name).draft();
        center.bean(Ensemble.class).ask(zookeeper -> zookeeper.setData().forPath(node, draft));
    }

    private JsonNode effective(String name) throws Exception {
        return view(name, false);
    }

    private JsonNode view(String name, boolean draft) throws Exception {
        return answer(namespace(name) + "/effective?draft=" + draft);
    }

    private JsonNode differences(String name, boolean lines) throws Exception {
        return answer(namespace(name) + "/effective/diff?lines=" + lines);
    }

    private JsonNode answer(String path) throws Exception {
        Answer answer = center.get(path, ACME);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body();
    }

    private static String places(JsonNode view) {
        return view.get("items")
                .valueStream()
                .map(item ->
                        item.get("key").asString() + " at " + item.get("line").asInt() + "\n")
                .collect(Collectors.joining());
    }

    private static Map<String, String> values(JsonNode view) {
        return view.get("items")
                .valueStream()
                .collect(Collectors.toMap(
                        item -> item.get("key").asString(),
                        item -> item.get("value").asString()));
    }

    /** Of one namespace alone. */
    private static Map<String, String> read(ConfigurableEnvironment environment, String namespace) {
        EnumerablePropertySource<?> source = (EnumerablePropertySource<?>)
                Objects.requireNonNull(environment.getPropertySources().get("switchboard:" + namespace));
        Map<String, String> values = new TreeMap<>();
        for (String key : source.getPropertyNames()) {
            values.put(key, environment.resolvePlaceholders(String.valueOf(source.getProperty(key))));
        }
        return values;
    }
}
