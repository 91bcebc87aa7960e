package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static io.switchboard.config.namespace.Center.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.namespace.Center.Answer;
import io.switchboard.contracts.config.FreezeApi.FreezeView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class FreezeTests {

    private static final String BOB = "acme.bob.tenant";

    private final Desk desk;
    private final String freeze;

    FreezeTests() throws Exception {
        desk = Desk.next("frozen");
        // One application's, so that tests beside this one are not frozen.
        freeze = "/api/v1/config-freezes/prod/peak-" + desk.application();
    }

    @AfterEach
    void thaw() throws Exception {
        desk.center().send("DELETE", freeze + "?tenant=acme", OPERATOR, null);
    }

    @Test
    void nothingIsPublishedOrRolledBackWithoutAReason(CapturedOutput output) throws Exception {
        desk.release(Map.of("a", "1"));
        desk.release(Map.of("a", "2"));
        long revision = desk.edit(ACME, Map.of("a", "3"));
        assertThat(put(ACME, -60, 3_600, "quarter's end").status()).isEqualTo(200);

        Answer refused = desk.publish(ACME, revision);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("FROZEN");
        assertThat(refused.body().get("detail").asString()).contains("quarter's end");
        assertThat(refused.body().has("until")).isTrue();
        assertThat(rollBack("").code()).isEqualTo("FROZEN");
        assertThat(rollBack(",\"override\":\" \"").code()).isEqualTo("FROZEN");
        assertThat(desk.center()
                        .get(desk.namespace() + "/draft", ACME)
                        .body()
                        .get("freeze")
                        .get("by")
                        .asString())
                .isEqualTo("ann");

        Answer back = rollBack(",\"message\":\"back\",\"override\":\"calls fail\"");
        assertThat(back.status()).isEqualTo(201);
        assertThat(back.body().get("release").get("message").asString())
                .isEqualTo("back (freeze overridden: calls fail)");
        assertThat(output).contains("freeze set", "freeze overridden", "reason=calls fail");
    }

    @Test
    void aFreezeHoldsFromItsBeginningToItsEndForItsApplication() {
        Instant begin = Instant.parse("2026-12-24T00:00:00Z");
        var freeze = new FreezeView("x", begin, begin.plusSeconds(60), "peak", Optional.of("desk"), "ann");
        var all = new FreezeView("y", begin.plusSeconds(30), begin.plusSeconds(90), "all", Optional.empty(), "ann");
        var freezes = new Freezes(List.of(freeze, all));

        assertThat(freezes.holding("desk", begin.minusMillis(1))).isEmpty();
        assertThat(freezes.holding("desk", begin)).contains(freeze);
        assertThat(freezes.holding("other", begin)).isEmpty();
        assertThat(freezes.holding("desk", begin.plusSeconds(30))).contains(all);
        assertThat(freezes.holding("desk", begin.plusSeconds(90))).isEmpty();
        assertThat(freezes.without("y", begin.plus(Duration.ofDays(31))).all()).isEmpty();
    }

    @Test
    void whoSetItEndsItAndSoDoesAnOperator() throws Exception {
        long revision = desk.edit(ACME, Map.of("a", "1"));
        assertThat(put(BOB, -60, 3_600, "peak").body())
                .isEqualTo(put(BOB, -60, 3_600, "peak").body());

        assertThat(put(ACME, -60, 1, "shorter").status()).isEqualTo(403);
        assertThat(desk.center().send("DELETE", freeze, ACME, null).status()).isEqualTo(403);
        assertThat(desk.center().send("DELETE", freeze, GLOBEX, null).status()).isEqualTo(200);
        assertThat(desk.publish(ACME, revision).code()).isEqualTo("FROZEN");
        assertThat(desk.center().send("DELETE", freeze, BOB, null).status()).isEqualTo(200);
        assertThat(desk.center().send("DELETE", freeze, BOB, null).status()).isEqualTo(200);
        assertThat(desk.publish(ACME, revision).status()).isEqualTo(201);
    }

    @Test
    void aTenantsStagesWithFreezesAreBoundedAndGoWithTheLast() throws Exception {
        String crowded = "crowded.ann.tenant";
        String body = body(0, 60, "x").replaceAll(",\"application\":\"[^\"]*\"", "");
        for (int stage = 0; stage < 100; stage++) {
            assertThat(desk.center()
                            .put("/api/v1/config-freezes/stage-" + stage + "/x", crowded, body)
                            .status())
                    .isEqualTo(200);
        }
        assertThat(desk.center()
                        .put("/api/v1/config-freezes/one-more/x", crowded, body)
                        .code())
                .isEqualTo("TOO_MANY_NAMES");
        assertThat(desk.center()
                        .put("/api/v1/config-freezes/stage-7/y", crowded, body)
                        .status())
                .isEqualTo(200);

        desk.center().send("DELETE", "/api/v1/config-freezes/stage-8/x", crowded, null);

        assertThat(desk.center()
                        .put("/api/v1/config-freezes/one-more/x", crowded, body)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void longReasonsLeaveRoomForTheNamespace() throws Exception {
        String body = body(0, 60, "\u8a9e".repeat(500)).replaceAll(",\"application\":\"[^\"]*\"", "");
        Answer answer = desk.center().put("/api/v1/config-freezes/long/x", "wordy.ann.tenant", body);
        int freezes = 1;
        for (; answer.status() == 200 && freezes < Freezes.MOST; freezes++) {
            answer = desk.center().put("/api/v1/config-freezes/long/x-" + freezes, "wordy.ann.tenant", body);
        }

        assertThat(answer.code()).isEqualTo("TOO_MANY_NAMES");
        assertThat(freezes).isBetween(40, 50);
    }

    @Test
    void badInputSetsNothing() throws Exception {
        assertThat(put(ACME, 60, 60, "empty").code()).isEqualTo("INVALID_REQUEST");
        assertThat(put(ACME, 0, 60, " ").code()).isEqualTo("INVALID_REQUEST");
        desk.edit(ACME, Map.of("a", "1"));
        assertThat(put(ACME, 0, 3 * 366 * 86_400, "for ever").code()).isEqualTo("INVALID_REQUEST");
        String endless =
                body(0, 60, "x").replaceAll("\"until\":\"[^\"]*\"", "\"until\":\"+1000000000-12-31T23:59:59Z\"");
        assertThat(desk.center().put(freeze, ACME, endless).code()).isEqualTo("INVALID_REQUEST");
        for (String unknown : List.of("", "never-made", "No name")) {
            String body = body(0, 60, "x").replace(desk.application(), unknown);
            assertThat(desk.center().put(freeze, ACME, body).status()).isEqualTo(400);
        }
        assertThat(desk.center()
                        .put("/api/v1/config-freezes/Prod/x", ACME, body(0, 60, "x"))
                        .code())
                .isEqualTo("INVALID_NAME");
        assertThat(desk.center()
                        .put("/api/v1/config-freezes/prod/a%20b", ACME, body(0, 60, "x"))
                        .status())
                .isEqualTo(400);
    }

    private static final Instant NOW = Instant.now();

    private Answer put(String token, int fromSeconds, int untilSeconds, String reason) throws Exception {
        return desk.center().put(freeze, token, body(fromSeconds, untilSeconds, reason));
    }

    private String body(int fromSeconds, int untilSeconds, String reason) {
        return "{\"from\":\"" + NOW.plusSeconds(fromSeconds) + "\",\"until\":\"" + NOW.plusSeconds(untilSeconds)
                + "\",\"reason\":\"" + reason + "\",\"application\":\"" + desk.application() + "\"}";
    }

    private Answer rollBack(String more) throws Exception {
        return desk.center().post(desk.namespace() + "/rollbacks", ACME, "{\"from\":2,\"to\":1" + more + "}");
    }
}
