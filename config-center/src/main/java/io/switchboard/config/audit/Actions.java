package io.switchboard.config.audit;

import static java.util.Map.entry;

import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.config.ReviewApi;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Which calls are recorded, and in which words: all but those that only read, and those that give away much or secret things. */
final class Actions {

    /** By the mapping. Words stay as they are once released, wherever the mapping goes. */
    static final Map<String, String> WORDS = Map.ofEntries(
            entry("PUT " + ConfigApi.NAMESPACE + "/draft/items", "draft.change"),
            entry("POST /api/v1/config-copies", "draft.copy"),
            entry("POST /api/v1/config-replacements", "draft.replace"),
            entry("PUT " + ConfigApi.NAMESPACE + "/draft/secrets", "secrets.change"),
            entry("GET " + ConfigApi.NAMESPACE + "/secrets", "secrets.list"),
            entry("PUT " + ConfigApi.NAMESPACE + "/schema", "schema.set"),
            entry("POST " + ConfigApi.NAMESPACE + "/releases", "release.publish"),
            entry("POST " + ConfigApi.STAGE + "/releases", "release.publish-together"),
            entry("POST " + ConfigApi.NAMESPACE + "/rollbacks", "release.roll-back"),
            entry("POST " + ConfigApi.STAGE + "/rollbacks", "release.roll-back-together"),
            entry("PUT /api/v1/config-schedules/{application}/{stage}/{id}", "schedule.set"),
            entry("DELETE /api/v1/config-schedules/{application}/{stage}/{id}", "schedule.cancel"),
            entry("PUT /api/v1/config-canaries/{application}/{stage}/{id}", "canary.start"),
            entry("PUT /api/v1/config-canaries/{application}/{stage}/{id}/choice", "canary.choose"),
            entry("POST /api/v1/config-canaries/{application}/{stage}/{id}/promotion", "canary.promote"),
            entry("POST /api/v1/config-canaries/{application}/{stage}/{id}/abandonment", "canary.abandon"),
            entry("PUT " + ReviewApi.REVIEW, "review.submit"),
            entry("PUT " + ReviewApi.REVIEW + "/decision", "review.decide"),
            entry("PUT " + ReviewApi.RULES, "rules.set"),
            entry("PUT /api/v1/config-freezes/{stage}/{id}", "freeze.set"),
            entry("DELETE /api/v1/config-freezes/{stage}/{id}", "freeze.end"),
            entry("PUT /api/v1/config-builds/{application}/{build}", "build.leave"),
            entry("POST /api/v1/config-builds/{application}/{build}/check", "build.check"),
            entry("DELETE /api/v1/config-applications/{application}", "application.delete"),
            entry("PUT /api/v1/config-applications/{application}/reader-keys/{id}", "reader-key.issue"),
            entry("PUT /api/v1/config-applications/{application}/reader-keys/{id}/rotation", "reader-key.rotate"),
            entry("DELETE /api/v1/config-applications/{application}/reader-keys/{id}", "reader-key.retire"),
            entry("PUT /api/v1/config-access-keys/{application}/{stage}/{id}/rotation", "access-key.rotate"),
            entry("POST " + ConfigApi.NAMESPACE + "/data-key/rotations", "data-key.rotate"),
            entry("POST /api/v1/config-master-key/rotations", "master-key.rotate"),
            entry("POST /api/v1/config-applications/{application}/credentials", "credentials.read"),
            entry("POST /internal/v1/config/access", "credentials.give-task"),
            entry("GET /api/v1/config-archives", "archive.export"),
            entry("POST /api/v1/config-archives", "archive.import"),
            entry("GET /api/v1/config-backup", "backup.make"),
            entry("PUT /api/v1/config-backup", "backup.restore"));

    static final String UNKNOWN = "no-such-call";

    private static final Set<String> READING = Set.of("GET", "OPTIONS", "TRACE");
    private static final Map<String, PathPattern> PATTERNS = patterns();

    /** @param variables of the path, by name */
    record Match(String action, Map<String, String> variables) {}

    private Actions() {}

    private static Map<String, PathPattern> patterns() {
        Map<String, PathPattern> patterns = new LinkedHashMap<>();
        WORDS.keySet()
                .forEach(mapping -> patterns.put(
                        mapping, PathPatternParser.defaultInstance.parse(mapping.substring(mapping.indexOf(' ') + 1))));
        return patterns;
    }

    /** What a mapping is called, or empty if its calls are not recorded. One that has no word is its own. */
    static Optional<String> of(String method, String pattern) {
        String mapping = method(method) + " " + pattern;
        return Optional.ofNullable(WORDS.getOrDefault(mapping, changes(method) ? mapping : null));
    }

    static boolean changes(String method) {
        return !READING.contains(method(method));
    }

    /** What a path would have meant that came to no mapping. */
    static Match meant(String method, String path) {
        PathContainer parts = PathContainer.parsePath(path);
        return PATTERNS.entrySet().stream()
                .filter(one -> one.getKey().startsWith(method(method) + " "))
                .flatMap(one -> Optional.ofNullable(one.getValue().matchAndExtract(parts))
                        .map(found -> new Match(WORDS.getOrDefault(one.getKey(), UNKNOWN), found.getUriVariables()))
                        .stream())
                .findFirst()
                .orElse(new Match(UNKNOWN, Map.of()));
    }

    /** Spring answers HEAD as it answers GET, with all that this does. */
    private static String method(String method) {
        return method.equals("HEAD") ? "GET" : method;
    }
}
