package io.switchboard.configfiles;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code ./switchboard config canary}: drafts for some clients first. */
@Command(name = "canary", description = "give drafts to some clients first, watch them, and promote or abandon it")
final class CanaryCommand implements Runnable {

    private static final int FAILED = 2;

    @ParentCommand
    private @Nullable ConfigCommand config;

    /** Exactly one of them. */
    static final class Chosen {

        @Option(
                names = "--instance",
                paramLabel = "CLIENT",
                split = ",",
                description = "clients by name, separated by commas")
        private @Nullable List<String> instances;

        @Option(names = "--label", paramLabel = "NAME=VALUE", description = "clients that have this label")
        private @Nullable String label;

        @Option(names = "--percent", paramLabel = "NUMBER", description = "so many of a hundred clients")
        private @Nullable Integer percent;

        private Map<String, Object> asBody() {
            Map<String, Object> body = new LinkedHashMap<>();
            putIfThere(body, "instances", instances);
            putIfThere(body, "label", label);
            putIfThere(body, "percent", percent);
            return body;
        }
    }

    @Override
    public void run() {
        throw new Refused("say start, show, choose, promote or abandon");
    }

    @Command(description = "give all drafts that are pending, or those named, to some clients")
    int start(
            @Parameters(paramLabel = "ID", description = "a name for it") String id,
            @ArgGroup(multiplicity = "1") Chosen choice,
            @Option(
                            names = "--namespace",
                            paramLabel = "NAME",
                            split = ",",
                            description = "only these, separated by commas")
                    @Nullable
                    List<String> only,
            @Option(names = "--message", paramLabel = "TEXT", defaultValue = "", description = "why") String message,
            @Option(names = "--again", description = "also what a rollback took back") boolean again,
            @Option(
                            names = "--accept",
                            paramLabel = "REASON",
                            description = "also what the check finds wrong, as the reason says why it is right")
                    @Nullable
                    String accept,
            @Option(names = "--override", paramLabel = "REASON", description = "also in a freeze, for that reason")
                    @Nullable
                    String override,
            @Option(
                            names = "--confirm-seconds",
                            paramLabel = "NUMBER",
                            description = "how long a client may take to confirm it")
                    @Nullable
                    Integer confirmSeconds)
            throws InterruptedException {
        Center center = center();
        SortedMap<String, Long> revisions = new TreeMap<>();
        for (String namespace : only == null ? center.namespaces() : only) {
            Center.Draft draft = center.draft(namespace);
            if (draft.pending() || only != null) {
                revisions.put(namespace, draft.revision());
            }
        }
        if (revisions.isEmpty()) {
            throw new Refused("no draft differs from what clients read");
        }
        Map<String, Object> request = new LinkedHashMap<>(
                Map.of("revisions", revisions, "choice", choice.asBody(), "message", message, "again", again));
        putIfThere(request, "accept", accept);
        putIfThere(request, "override", override);
        putIfThere(request, "confirmSeconds", confirmSeconds);
        say(center.startCanary(id, request));
        return 0;
    }

    private static void putIfThere(Map<String, Object> request, String name, @Nullable Object value) {
        if (value != null) {
            request.put(name, value);
        }
    }

    @Command(description = "say how it is and what each client makes of it; without ID all canaries")
    int show(@Parameters(paramLabel = "ID", arity = "0..1") @Nullable String id) throws InterruptedException {
        if (id == null) {
            center().canaries().forEach(CanaryCommand::say);
            return 0;
        }
        JsonNode details = center().canary(id);
        say(details.get("canary"));
        for (JsonNode client : details.get("clients")) {
            System.out.println("  " + client.get("namespace").asString() + "  "
                    + client.get("client").asString() + "  release "
                    + client.get("release").asLong() + "  "
                    + client.get("state").asString()
                    + (client.hasNonNull("problem")
                            ? ": " + client.get("problem").asString()
                            : ""));
        }
        return details.get("canary").get("state").asString().equals("FAILED") ? FAILED : 0;
    }

    @Command(description = "give it to others, mostly more, instead")
    int choose(
            @Parameters(paramLabel = "ID") String id,
            @ArgGroup(multiplicity = "1") Chosen choice,
            @Option(names = "--override", paramLabel = "REASON", description = "also in a freeze, for that reason")
                    @Nullable
                    String override)
            throws InterruptedException {
        Map<String, Object> request = choice.asBody();
        putIfThere(request, "override", override);
        say(center().chooseForCanary(id, request));
        return 0;
    }

    @Command(description = "make it the release for all")
    int promote(
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--override", paramLabel = "REASON", description = "also in a freeze, for that reason")
                    @Nullable
                    String override)
            throws InterruptedException {
        say(center().promoteCanary(id, override));
        return 0;
    }

    @Command(description = "have its clients go back")
    int abandon(
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--message", paramLabel = "TEXT", defaultValue = "", description = "why") String message)
            throws InterruptedException {
        say(center().abandonCanary(id, message));
        return 0;
    }

    private static void say(JsonNode canary) {
        System.out.println(canary.get("id").asString() + ": "
                + canary.get("state").asString()
                + (canary.hasNonNull("provenAt") ? ", confirmed by all that were chosen" : "") + ", releases "
                + canary.get("releases") + ", for " + canary.get("choice")
                + (canary.hasNonNull("reason") ? ": " + canary.get("reason").asString() : ""));
    }

    private Center center() {
        return ConfigCommand.centerOf(config);
    }
}
