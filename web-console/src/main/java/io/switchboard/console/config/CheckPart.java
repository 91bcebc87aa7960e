package io.switchboard.console.config;

import io.switchboard.contracts.config.ValidationApi.CheckView;
import io.switchboard.contracts.config.ValidationApi.Finding;
import io.switchboard.contracts.config.ValidationApi.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the application would say to a draft.
 *
 * @param shown whether any build of it told what it takes
 */
record CheckPart(boolean shown, List<FindingRow> errors, List<FindingRow> warnings, List<AffectedRow> affected) {

    static CheckPart of(CheckView check) {
        return new CheckPart(
                !check.builds().isEmpty(),
                rows(check, Severity.ERROR),
                rows(check, Severity.WARNING),
                check.clients().stream()
                        .filter(client -> !client.keys().isEmpty())
                        .map(client -> new AffectedRow(
                                client.count(),
                                client.release(),
                                client.build()
                                        .map(build -> build.replaceFirst("~.*", ""))
                                        .orElse(null),
                                String.join(", ", client.clients())
                                        + (client.count() > client.clients().size() ? " …" : ""),
                                String.join(", ", client.keys())))
                        .toList());
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
