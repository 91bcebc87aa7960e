package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.namespace.Center.Answer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollbackTogetherTests {

    private final Center center = Center.get();
    private final Desk desk = Desk.next("back-together");
    private final String menu = desk.stage() + "/menu";

    private final String canaries = "/api/v1/config-canaries/" + desk.application() + "/prod";

    RollbackTogetherTests() throws Exception {
        for (String value : new String[] {"1", "2"}) {
            desk.release(Map.of("a", value));
            publish(desk.edit(menu, ACME, Map.of("b", value)));
        }
    }

    @Test
    void severalNamespacesGoBackInOneStep() throws Exception {
        Answer back = rollBack(ACME, "\"application\":{\"from\":2,\"to\":1},\"menu\":{\"from\":2,\"to\":1}");

        assertThat(back.status()).isEqualTo(201);
        assertThat(back.body()).hasSize(2).allSatisfy(one -> {
            assertThat(one.get("release").get("number").asInt()).isEqualTo(3);
            assertThat(one.get("release").get("restores").asInt()).isEqualTo(1);
            assertThat(one.get("changes").get(0).get("after").asString())
                    .as("what waits in the draft of %s", one.get("namespace"))
                    .isEqualTo("2");
        });
        assertThat(delivered()).contains("\"a\":\"1\"", "\"b\":\"1\"");
        // What was wrong waits in the draft, and isn't published by mistake.
        long revision = center.get(menu, ACME).body().get("revision").asLong();
        assertThat(center.post(menu + "/releases", ACME, "{\"revision\":" + revision + "}")
                        .code())
                .isEqualTo("TAKEN_BACK");
        assertThat(rollBack(ACME, "\"application\":{\"from\":2,\"to\":1},\"menu\":{\"from\":2,\"to\":1}")
                        .code())
                .as("once more")
                .isEqualTo("STALE_RELEASE");
    }

    @Test
    void whereOneCantGoBackNoneDoes() throws Exception {
        Answer stale = rollBack(ACME, "\"application\":{\"from\":2,\"to\":1},\"menu\":{\"from\":1,\"to\":1}");

        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.code()).isEqualTo("STALE_RELEASE");
        assertThat(stale.body().get("namespace").asString()).isEqualTo("menu");
        assertThat(rollBack(ACME, "\"application\":{\"from\":2,\"to\":1},\"none\":{\"from\":2,\"to\":1}")
                        .status())
                .isIn(404, 409);
        assertThat(rollBack(GLOBEX, "\"application\":{\"from\":2,\"to\":1}").status())
                .isIn(404, 409);
        for (String wrong : new String[] {
            "", "\"application\":null", "\"application\":{\"from\":2}", "\"../x\":{\"from\":2,\"to\":1}"
        }) {
            assertThat(rollBack(ACME, wrong).status()).as(wrong).isBetween(400, 404);
        }
        assertThat(delivered()).contains("\"a\":\"2\"", "\"b\":\"2\"");
    }

    @Test
    void canariesOfAnyOfThemAreAbandonedInThatStep(@TempDir Path cache) throws Exception {
        var client = desk.task(cache, "spring.config.import=switchboard:application,switchboard:menu");
        try {
            canariesAreAbandoned();
        } finally {
            client.close();
        }
    }

    private void canariesAreAbandoned() throws Exception {
        for (String namespace : new String[] {"application", "menu"}) {
            long revision = desk.edit(desk.stage() + "/" + namespace, ACME, Map.of("c", "3"));
            await().untilAsserted(() -> {
                Answer started = center.put(
                        canaries + "/of-" + namespace,
                        ACME,
                        "{\"revisions\":{\"" + namespace + "\":" + revision + "},\"choice\":{\"percent\":100}}");
                // Before, the task's reports weren't there.
                assertThat(started.status()).as(started.body().toString()).isEqualTo(200);
            });
        }

        assertThat(rollBack(ACME, "\"application\":{\"from\":2,\"to\":1},\"menu\":{\"from\":2,\"to\":1}")
                        .status())
                .isEqualTo(201);

        for (String namespace : new String[] {"application", "menu"}) {
            var canary = center.get(canaries + "/of-" + namespace, ACME).body().get("canary");
            assertThat(canary.get("state").asString()).isEqualTo("ABANDONED");
            assertThat(canary.get("reason").asString())
                    .isEqualTo("The namespaces application, menu were rolled back together.");
        }
        assertThat(delivered()).contains("\"a\":\"1\"", "\"b\":\"1\"").doesNotContain("\"c\"");
    }

    private Answer rollBack(String token, String namespaces) throws Exception {
        return center.post(desk.stage() + "/rollbacks", token, "{\"namespaces\":{" + namespaces + "}}");
    }

    private void publish(long revision) throws Exception {
        assertThat(center.post(menu + "/releases", ACME, "{\"revision\":" + revision + "}")
                        .status())
                .isEqualTo(201);
    }

    /** What is in effect in both. */
    private String delivered() throws Exception {
        return center.get(desk.namespace(), ACME).body().get("released").toString()
                + center.get(menu, ACME).body().get("released");
    }
}
