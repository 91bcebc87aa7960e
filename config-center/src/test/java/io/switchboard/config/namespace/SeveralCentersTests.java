package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.config.ensemble.Ensemble;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** What is due while no center runs is done by those that start, once. */
@ExtendWith(OutputCaptureExtension.class)
class SeveralCentersTests {

    private static final String PUBLISHED = "release published: namespace=acme/several/prod/application";
    private static final String RETIRED = "reader key retired: application=acme/several";

    @Test
    void whatWasDueWhileNoneRanIsDoneOnce(CapturedOutput output) throws Exception {
        String keys = "/api/v1/config-applications/several/reader-keys";
        Instant at = Instant.now().plus(Duration.ofMinutes(5)).truncatedTo(ChronoUnit.MILLIS);
        try (TestingServer zookeeper = new TestingServer(-1, true)) {
            Center before = Center.on(zookeeper.getConnectString(), "several");
            try (before) {
                Desk desk = new Desk(before, "several");
                desk.release(Map.of("a", "1"));
                long revision = desk.edit(ACME, Map.of("a", "2"));
                assertThat(before.put(
                                        "/api/v1/config-schedules/several/prod/night",
                                        ACME,
                                        "{\"at\":\"" + at + "\",\"revisions\":{\"application\":" + revision
                                                + "},\"message\":\"at night\"}")
                                .status())
                        .isEqualTo(200);
                assertThat(before.put(keys + "/next/rotation?overlap=PT5M", ACME, "")
                                .status())
                        .isEqualTo(200);
            }
            before.setAhead(Duration.ofMinutes(5).plusSeconds(30));
            try (Center one = Center.on(zookeeper.getConnectString(), "several");
                    Center other = Center.on(zookeeper.getConnectString(), "several")) {
                Desk desk = new Desk(one, "several");

                await().untilAsserted(() -> {
                    assertThat(releases(other, desk)).hasSize(2);
                    assertThat(one.get(keys, ACME).body()).hasSize(1);
                });

                assertThat(one.get(keys, ACME).body().get(0).get("id").asString())
                        .isEqualTo("next");
                assertThat(other.get("/api/v1/config-schedules/several/prod", ACME)
                                .body()
                                .toString())
                        .contains("RELEASED");
                desk.release(Map.of("a", "3"));
                assertThat(releases(other, desk))
                        .as("one at its time, and this one")
                        .hasSize(3);
                await().untilAsserted(() -> assertThat(output)
                        .contains(
                                PUBLISHED + " author=ann release=1",
                                PUBLISHED + " author=ann release=2",
                                PUBLISHED + " author=ann release=3",
                                RETIRED));
            } finally {
                before.setAhead(Duration.ZERO);
            }
        }
        assertThat(output.toString().split(PUBLISHED, -1)).hasSize(4);
        assertThat(output.toString().split(RETIRED, -1)).hasSize(2);
    }

    @Test
    void aReleaseWhoseCenterGoesBeforeItSaysSoIsToldByAnotherOnce(CapturedOutput output) throws Exception {
        String line = "release published: namespace=acme/cut/prod/application author=ann release=";
        try (TestingServer zookeeper = new TestingServer(-1, true)) {
            var relay = new Relay(zookeeper.getPort());
            try (Center one = Center.behind(relay, zookeeper.getConnectString(), "cut");
                    Center other = Center.on(zookeeper.getConnectString(), "cut")) {
                Desk desk = new Desk(one, "cut");
                desk.release(Map.of("a", "1"));
                nothingIsUntold(other);
                long revision = desk.edit(ACME, Map.of("a", "2", "b", "3"));
                relay.cutBehind("/cut/prod/application/releases/2");

                assertThat(desk.publish(ACME, revision).status()).isEqualTo(503);

                assertThat(releases(other, desk)).hasSize(2);
                await().until(() -> output.toString().contains(line + "2 restores=- keys=[a, b]"));
                nothingIsUntold(other);
                new Desk(other, "cut").release(Map.of("a", "4"));
                nothingIsUntold(other);
            }
        }
        for (int release = 1; release <= 3; release++) {
            assertThat(output.toString().split(line + release, -1))
                    .as("lines of release %s", release)
                    .hasSize(2);
        }
    }

    private static void nothingIsUntold(Center center) {
        Ensemble ensemble = center.bean(Ensemble.class);
        await().until(() -> ensemble.children(UntoldReleases.ROOT).isEmpty());
    }

    private static JsonNode releases(Center center, Desk desk) throws Exception {
        return center.get(desk.namespace() + "/releases", ACME).body();
    }
}
