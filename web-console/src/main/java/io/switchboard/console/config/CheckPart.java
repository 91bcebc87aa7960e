package io.switchboard.console.config;

import io.switchboard.contracts.config.ValidationApi.CheckView;
import io.switchboard.contracts.config.ValidationApi.ClientChange;
import io.switchboard.contracts.config.ValidationApi.Finding;
import io.switchboard.contracts.config.ValidationApi.Severity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the application would say to a draft.
 *
 * @param shown whether any build of it told what it takes
 */
record CheckPart(boolean shown, List<FindingRow> errors, List<FindingRow> warnings, List<AffectedRow> affected) {

    private static final int MOST_NAMED = 20;

    static CheckPart of(CheckView check) {
        return new CheckPart(
                !check.builds().isEmpty(),
                rows(check, Severity.ERROR),
                rows(check, Severity.WARNING),
                affected(check.clients()));
    }

    /** One row for what nobody can tell apart here: builds of one version whose metadata differ. */
    private static List<AffectedRow> affected(List<ClientChange> clients) {
        Map<Alike, List<ClientChange>> alike = clients.stream()
                .filter(client -> !client.keys().isEmpty())
                .collect(Collectors.groupingBy(Alike::of, LinkedHashMap::new, Collectors.toList()));
        return alike.entrySet().stream()
                .map(entry -> entry.getKey().row(entry.getValue()))
                .toList();
    }

    private record Alike(long release, Optional<String> version, List<String> keys) {

        static Alike of(ClientChange client) {
            return new Alike(
                    client.release(), client.build().map(build -> build.replaceFirst("~.*", "")), client.keys());
        }

        AffectedRow row(List<ClientChange> clients) {
            int count = clients.stream().mapToInt(ClientChange::count).sum();
            List<String> names = clients.stream()
                    .flatMap(client -> client.clients().stream())
                    .limit(MOST_NAMED)
                    .toList();
            return new AffectedRow(
                    count,
                    release,
                    version.orElse(null),
                    String.join(", ", names) + (count > names.size() ? " …" : ""),
                    String.join(", ", keys));
        }
    }

    private static List<FindingRow> rows(CheckView check, Severity severity) {
        return check.findings().stream()
                .filter(finding -> finding.severity() == severity)
                .map(FindingRow::of)
                .toList();
    }

    /** @param suggestion another key or value; null if there is none */
    record FindingRow(String key, String message, @Nullable String suggestion) {

        static FindingRow of(Finding finding) {
            return new FindingRow(
                    finding.key(), finding.message(), finding.suggestion().orElse(null));
        }
    }

    /**
     * Clients for which the same changes.
     *
     * @param version of the application; null if it isn't known
     */
    record AffectedRow(int count, long release, @Nullable String version, String clients, String keys) {}
}
