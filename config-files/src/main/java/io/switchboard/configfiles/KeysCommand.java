package io.switchboard.configfiles;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code ./switchboard config keys}: what the application's clients read with, and another one in its place. */
@Command(
        name = "keys",
        description = "show, issue, rotate and retire the keys that the application's clients read with")
final class KeysCommand implements Runnable {

    @ParentCommand
    private @Nullable ConfigCommand config;

    private static final class Overlap {

        @Option(
                names = "--days",
                defaultValue = "7",
                description = "for which the others stay valid; 0 retires them at once")
        private int days;
    }

    @Override
    public void run() {
        throw new Refused("say show, issue, rotate, retire, show-access or rotate-access");
    }

    @Command(description = "say which are valid, the newest first, and which workloads were given each")
    int show() throws InterruptedException {
        say(center().readerKeys());
        return 0;
    }

    @Command(description = "make another one valid beside them; workloads of new revisions get it")
    int issue(@Parameters(paramLabel = "ID", description = "a name for it") String id) throws InterruptedException {
        say(center().issueReaderKey(id));
        return 0;
    }

    @Command(description = "make another one valid, and have all others read nothing after some days")
    int rotate(@Parameters(paramLabel = "ID", description = "a name for it") String id, @Mixin Overlap overlap)
            throws InterruptedException {
        say(center().rotateReaderKeys(id, overlap.days));
        return 0;
    }

    @Command(
            name = "show-access",
            description = "say which keys open the stage's encrypted items, and which workloads have them")
    int showAccess() throws InterruptedException {
        say(center().accessKeys());
        return 0;
    }

    @Command(
            name = "rotate-access",
            description = "make another key open the stage's encrypted items, and the others none after some days")
    int rotateAccess(@Parameters(paramLabel = "ID", description = "a name for it") String id, @Mixin Overlap overlap)
            throws InterruptedException {
        say(center().rotateAccessKeys(id, overlap.days));
        return 0;
    }

    @Command(description = "have it read nothing from now on")
    int retire(@Parameters(paramLabel = "ID") String id) throws InterruptedException {
        say(center().retireReaderKey(id));
        return 0;
    }

    private static void say(JsonNode keys) {
        for (JsonNode key : keys) {
            String by = key.get("issuedBy").asString();
            System.out.println(key.get("id").asString()
                    + retiring(key)
                    + (by.isEmpty()
                            ? ""
                            : ", issued by " + by + " at " + key.get("issuedAt").asString())
                    + key.get("workloads")
                            .valueStream()
                            .map(workload -> "\n  " + workload.asString())
                            .reduce("", String::concat)
                    + key.path("clients")
                            .valueStream()
                            .map(client -> "\n  connected: " + client.asString())
                            .reduce("", String::concat));
        }
    }

    private static String retiring(JsonNode key) {
        String at = key.path("retiresAt").asString("");
        String used = key.path("lastUsed").asString("");
        return (at.isEmpty() ? "" : ", retires at " + at)
                + (used.isEmpty() ? "" : ", last used at " + used)
                + (key.path("given").asBoolean(true) ? "" : ", not given to workloads yet");
    }

    private Center center() {
        return ConfigCommand.centerOf(config);
    }
}
