package io.switchboard.configfiles;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code ./switchboard config builds}: what drafts are checked against. */
@Command(name = "builds", description = "say which builds of the application left what they take, the latest first")
final class BuildsCommand implements Runnable {

    @ParentCommand
    private @Nullable ConfigCommand config;

    @Override
    public void run() {
        try {
            for (JsonNode build : ConfigCommand.centerOf(config).builds()) {
                System.out.println(build.get("build").asString() + ", version "
                        + build.get("version").asString() + ", "
                        + build.get("properties").asInt() + " properties, left at "
                        + build.get("at").asString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
