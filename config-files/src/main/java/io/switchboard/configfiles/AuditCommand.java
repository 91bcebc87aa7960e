package io.switchboard.configfiles;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code ./switchboard config audit}: who changed what, as a table. */
@Command(
        name = "audit",
        description = "say who changed what, the newest first; of one application or stage only if they are named")
final class AuditCommand implements Callable<Integer> {

    /** Of one answer. */
    private static final int MOST = 200;

    @ParentCommand
    private @Nullable ConfigCommand config;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--namespace", paramLabel = "NAME", description = "only of that one")
    private @Nullable String namespace;

    @Option(names = "--actor", paramLabel = "NAME", description = "only of that user or API key")
    private @Nullable String actor;

    @Option(names = "--action", paramLabel = "NAME", description = "only that, such as release.publish")
    private @Nullable String action;

    @Option(names = "--outcome", paramLabel = "NAME", description = "only begun, unknown, done, refused or failed")
    private @Nullable String outcome;

    @Option(names = "--from", paramLabel = "TIME", description = "the earliest, such as 2026-12-01T08:00:00Z")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "not included")
    private @Nullable String to;

    @Option(
            names = "--limit",
            paramLabel = "NUMBER",
            defaultValue = "50",
            description = "so many at most (${DEFAULT-VALUE})")
    private int limit;

    @Override
    public Integer call() throws InterruptedException {
        if (config == null || spec == null) {
            throw new IllegalStateException("picocli sets them");
        }
        if (limit < 1) {
            throw new Refused("--limit must be at least 1");
        }
        Map<String, String> wanted = new TreeMap<>();
        put(wanted, "application", config.application());
        // A stage has a default, which is none to look for.
        if (spec.commandLine().getParseResult().hasMatchedOption("--stage")) {
            put(wanted, "stage", config.stage());
        }
        put(wanted, "namespace", namespace);
        put(wanted, "actor", actor);
        put(wanted, "action", action);
        put(wanted, "outcome", outcome == null ? null : outcome.toUpperCase(Locale.ROOT));
        put(wanted, "from", from);
        put(wanted, "to", to);
        List<List<String>> rows = rows(config.center(), wanted);
        if (rows.size() == 1) {
            System.out.println("there is no such entry");
        } else {
            table(rows).forEach(System.out::println);
        }
        return 0;
    }

    private static void put(Map<String, String> wanted, String parameter, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            wanted.put(parameter, value);
        }
    }

    private List<List<String>> rows(Center center, Map<String, String> wanted) throws InterruptedException {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("AT", "WHO", "ACTION", "WHERE", "OUTCOME")));
        int left = limit;
        boolean more = true;
        while (more && left > 0) {
            wanted.put("limit", String.valueOf(Math.min(left, MOST)));
            JsonNode page = center.audit(wanted);
            page.get("items").forEach(entry -> rows.add(row(entry)));
            left -= page.get("items").size();
            more = page.path("next").isString();
            wanted.put("cursor", page.path("next").asString(""));
        }
        return rows;
    }

    private static List<String> row(JsonNode entry) {
        String key = entry.path("apiKey").asString("");
        String object = entry.path("object").asString("");
        return List.of(
                entry.get("at").asString(),
                entry.get("actor").asString() + (key.isEmpty() ? "" : " by " + key),
                entry.get("action").asString(),
                Stream.of("tenant", "application", "stage", "namespace")
                                .map(part -> entry.path(part).asString(""))
                                .filter(part -> !part.isEmpty())
                                .collect(Collectors.joining("/"))
                        + (object.isEmpty() ? "" : " " + object),
                Stream.of(
                                entry.get("outcome").asString().toLowerCase(Locale.ROOT),
                                entry.path("status").asString(""),
                                entry.path("code").asString(""))
                        .filter(word -> !word.isEmpty())
                        .collect(Collectors.joining(" ")));
    }

    private static List<String> table(List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        rows.forEach(row -> Arrays.setAll(
                widths, column -> Math.max(widths[column], row.get(column).length())));
        return rows.stream()
                .map(row -> {
                    var line = new StringBuilder();
                    for (int column = 0; column < widths.length; column++) {
                        String text = row.get(column);
                        line.append(text).append(" ".repeat(widths[column] - text.length() + 2));
                    }
                    return line.toString().stripTrailing();
                })
                .toList();
    }
}
