package io.switchboard.configfiles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code ./switchboard config builds}: what drafts are checked against. */
@Command(name = "builds", description = "say which builds of the application left what they take, the latest first")
final class BuildsCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable ConfigCommand config;

    @Override
    public Integer call() throws InterruptedException {
        center().builds().forEach(BuildsCommand::say);
        return 0;
    }

    @Command(description = "leave what a build takes, as a pipeline does before anything runs it")
    int send(
            @Parameters(
                            paramLabel = "FILE",
                            description =
                                    "its jar, its directory of classes, or its spring-configuration-metadata.json")
                    Path file,
            @Option(names = "--build", paramLabel = "NAME", description = "a name for it; its version if not given")
                    @Nullable
                    String name,
            @Option(names = "--version", paramLabel = "TEXT", description = "its version, if the jar doesn't say it")
                    @Nullable
                    String version)
            throws IOException, InterruptedException {
        Center center = center();
        BuildFile build = BuildFile.read(file);
        @Nullable String told = version == null ? build.version().orElse(null) : version;
        @Nullable String id = name == null ? told : name;
        if (id == null) {
            throw new Refused("name it with --build; " + file + " tells no version");
        }
        say(center.sendBuild(id, told, build.metadata()));
        return 0;
    }

    private static void say(JsonNode build) {
        int properties = build.get("properties").asInt();
        System.out.println(build.get("build").asString() + ", version "
                + build.get("version").asString() + ", "
                + properties + (properties == 1 ? " property" : " properties") + ", left at "
                + build.get("at").asString());
    }

    private Center center() {
        return ConfigCommand.centerOf(config);
    }
}
