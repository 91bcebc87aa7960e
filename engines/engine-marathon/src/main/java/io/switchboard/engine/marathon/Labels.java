package io.switchboard.engine.marathon;

import io.switchboard.engine.Workload;
import io.switchboard.engine.supervision.EngineJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an app says about itself, so that nothing has to be kept elsewhere. */
final class Labels {

    static final String PLATFORM = "io.switchboard.platform";
    static final String WORKLOAD = "io.switchboard.workload";
    /** A hash over all the workload says but its number of tasks. */
    static final String SPEC = "io.switchboard.spec";
    /** Names of its ports in the order Marathon knows them, with commas. */
    static final String PORTS = "io.switchboard.ports";

    /** The leader's epoch, on an app that is its mark. */
    static final String EPOCH = "io.switchboard.epoch";

    private static final JsonMapper JSON = EngineJson.mapper();

    private Labels() {}

    static Map<String, String> of(String platform, Workload workload) {
        return Map.of(
                PLATFORM, platform,
                WORKLOAD, workload.name(),
                SPEC, hash(workload),
                PORTS,
                        String.join(
                                ",",
                                workload.ports().stream()
                                        .map(Workload.Port::name)
                                        .toList()));
    }

    /** Empty if the app is none of this platform's. */
    static Optional<String> workload(String platform, JsonNode app) {
        JsonNode labels = app.path("labels");
        boolean ours = labels.path(PLATFORM).asString("").equals(platform);
        return ours && labels.has(WORKLOAD) ? Optional.of(labels.get(WORKLOAD).asString()) : Optional.empty();
    }

    static String hash(Workload workload) {
        // Sorted, and without the number: the same workload has the same hash in every run.
        String text = JSON.writeValueAsString(List.of(
                workload.name(),
                workload.image(),
                workload.cpuMillis(),
                workload.memoryMib(),
                workload.ports(),
                new TreeMap<>(workload.environment()),
                workload.health(),
                workload.stopGrace().toMillis()));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
