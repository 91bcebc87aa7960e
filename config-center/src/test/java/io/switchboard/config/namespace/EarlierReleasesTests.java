package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.history.EarlierReleases;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EarlierReleasesTests {

    private final Desk desk;
    private final Center center;
    private final NamespacePath path;

    EarlierReleasesTests() throws Exception {
        desk = Desk.next("archived");
        center = desk.center();
        path = new NamespacePath("acme", desk.application(), "prod", "application");
    }

    @Test
    void whatZooKeeperKeepsNoLongerIsReadComparedAndRestored() throws Exception {
        desk.release(Map.of("a", "1"));
        desk.publish(ACME, desk.encrypt(ACME, Map.of("b", "hunter2")));
        for (int release = 3; release <= ReleaseHistory.KEPT + 2; release++) {
            desk.release(Map.of("a", String.valueOf(release)));
        }
        EarlierReleases earlier = center.bean(EarlierReleases.class);
        await().until(() -> earlier.before(path, 1_000, 100).size() == ReleaseHistory.KEPT + 2);

        assertThat(center.get(desk.namespace() + "/releases", ACME).body()).hasSize(ReleaseHistory.KEPT);
        assertThat(numbers(5)).isEqualTo("4,3,2,1");
        assertThat(center.get(desk.namespace() + "/releases/1", ACME)
                        .body()
                        .get("items")
                        .get("a")
                        .asString())
                .isEqualTo("1");
        assertThat(center.get(desk.namespace() + "/diff?from=1&to=3", ACME).body())
                .hasSize(2);
        int current = ReleaseHistory.KEPT + 2;
        assertThat(back(current, 2).code()).isEqualTo("KEYS_GONE");
        assertThat(back(current, 1).status()).isEqualTo(201);
        assertThat(center.get(desk.namespace(), ACME)
                        .body()
                        .get("released")
                        .get("a")
                        .asString())
                .isEqualTo("1");
        assertThat(center.get(desk.namespace() + "/earlier-releases?before=5", GLOBEX)
                        .body())
                .isEmpty();

        center.send("DELETE", "/api/v1/config-applications/" + desk.application(), ACME, null);
        assertThat(earlier.before(path, 1_000, 100)).isEmpty();
    }

    private Center.Answer back(int from, int to) throws Exception {
        return center.post(desk.namespace() + "/rollbacks", ACME, "{\"from\":" + from + ",\"to\":" + to + "}");
    }

    private String numbers(int before) throws Exception {
        JsonNode earlier = center.get(desk.namespace() + "/earlier-releases?before=" + before, ACME)
                .body();
        return String.join(
                ",",
                earlier.valueStream().map(one -> one.get("number").asString()).toList());
    }

    @Test
    void whatIsTooMuchToBeHeldIsReadWhenItIsCopied() throws Exception {
        desk.release(Map.of("a", "1"));
        EarlierReleases earlier = center.bean(EarlierReleases.class);
        Release made = center.bean(Namespaces.class).read(path).release().orElseThrow();
        var gone = new Release(
                path,
                4_711,
                made.author(),
                made.message(),
                made.at(),
                Items.of(Map.of("a", "x".repeat(17 * 1024 * 1024))),
                made.restores(),
                made.dataKeys(),
                made.inherited());

        center.bean(HistoryCopies.class).copy(gone);
        desk.release(Map.of("a", "2"));

        await().until(() -> earlier.find(path, 2).isPresent());
        assertThat(earlier.find(path, 4_711)).isEmpty();
    }

    @Test
    void whatWasMissedIsFoundAndWhatIsOldGoes() throws Exception {
        desk.release(Map.of("a", "1"));
        EarlierReleases earlier = center.bean(EarlierReleases.class);
        await().until(() -> earlier.find(path, 1).isPresent());
        earlier.delete(path);
        // In front of it, one that nobody can read.
        Desk unreadable = Desk.next("aaa-unreadable");
        unreadable.release(Map.of("a", "1"));
        String rules = StageRules.node(new NamespacePath("acme", unreadable.application(), "prod", "application"));
        center.bean(Ensemble.class)
                .ask(zookeeper -> zookeeper
                        .create()
                        .creatingParentsIfNeeded()
                        .forPath(rules, "{}".getBytes(StandardCharsets.UTF_8)));

        center.bean(HistoryCopies.class).look();
        assertThat(earlier.find(path, 1)).isPresent();

        center.setAhead(Duration.between(Instant.now(), Instant.now().plus(Duration.ofDays(401))));
        try {
            earlier.deleteOld();
        } finally {
            center.setAhead(Duration.ZERO);
        }
        assertThat(earlier.find(path, 1)).isEmpty();
    }
}
