package io.switchboard.configfiles;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** {@code ./switchboard config}: drafts as files, one for each namespace. */
@Command(
        name = "./switchboard config",
        customSynopsis = {
            "./switchboard config pull|diff|push DIRECTORY --application NAME [options]",
            "./switchboard config check [DIRECTORY --build NAME] --application NAME [options]",
            "./switchboard config inherit [PARENT...] --application NAME [options]",
            "./switchboard config builds [send FILE] --application NAME [options]",
            "./switchboard config credentials APPLICATION [--access-key] [options]",
            "./switchboard config keys show|issue|rotate|retire [ID] --application NAME [options]",
            "./switchboard config import FORMAT EXPORT [--apply] [options]",
            "./switchboard config canary start|show|choose|promote|abandon ID --application NAME [options]",
            "./switchboard config audit [--application NAME] [options]",
            "./switchboard config backup|restore FILE [options]"
        },
        subcommands = {
            CanaryCommand.class,
            KeysCommand.class,
            InheritCommand.class,
            BuildsCommand.class,
            CredentialsCommand.class,
            AuditCommand.class
        },
        description =
                "Drafts of namespaces as files DIRECTORY/APPLICATION/STAGE/NAMESPACE.properties, to be kept in git. Comments"
                        + " stand right above their key; those of encrypted items, which are in no file, are plain too.",
        footer = {
            "",
            "The access token is read from the environment variable SWITCHBOARD_TOKEN.",
            "Exit codes: 0 done, or nothing found · 1 there are differences, or errors · 2 it could not be done"
        },
        separator = " ")
public final class ConfigCommand implements Runnable {

    private static final int DIFFERENT = 1;
    private static final int FAILED = 2;
    private static final int WIDTH = 110;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "say this")
    private boolean help;

    @Option(
            names = "--application",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "whose configuration; called like the instance that runs it")
    private String application = "";

    @Option(
            names = "--stage",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            defaultValue = "prod",
            description = "which stage's (${DEFAULT-VALUE})")
    private String stage = "prod";

    @Option(
            names = "--tenant",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "for operators: whose application; the token says it otherwise")
    private @Nullable String tenant;

    @Option(
            names = "--center",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8085",
            description = "the config center (${DEFAULT-VALUE})")
    private String center = "http://127.0.0.1:8085";

    private final @Nullable String token;

    private ConfigCommand(@Nullable String token) {
        this.token = token;
    }

    public static void main(String[] args) {
        System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
        System.exit(run(System.getenv("SWITCHBOARD_TOKEN"), args));
    }

    static int run(@Nullable String token, String... args) {
        return commandLine(token)
                .setParameterExceptionHandler((wrong, arguments) -> {
                    CommandLine command = wrong.getCommandLine();
                    command.getErr()
                            .println("config: " + wrong.getMessage() + "; see "
                                    + command.getCommandSpec().qualifiedName() + " --help");
                    return FAILED;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("config: " + reason(failure));
                    return FAILED;
                })
                .execute(args);
    }

    static CommandLine commandLine(@Nullable String token) {
        return new CommandLine(new ConfigCommand(token))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(WIDTH);
    }

    private static String reason(Exception failure) {
        if (failure instanceof FileSystemException file) {
            String why = file.getReason() == null ? file.getClass().getSimpleName() : file.getReason();
            return file.getFile() + " can't be read or written: " + why;
        }
        return failure instanceof Refused ? String.valueOf(failure.getMessage()) : failure.toString();
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    @Command(description = "write the drafts of all namespaces to files")
    int pull(@Parameters(paramLabel = "DIRECTORY") Path directory) throws IOException, InterruptedException {
        NamespaceFiles files = files(directory);
        Center drafts = center();
        for (String namespace : drafts.someNamespaces()) {
            files.write(drafts.draft(namespace).file(namespace));
            System.out.println("wrote " + files.path(namespace));
        }
        return 0;
    }

    @Command(description = "say what push would change, by key; values and comments with --values")
    int diff(
            @Parameters(paramLabel = "DIRECTORY") Path directory,
            @Option(names = "--values", description = "values and comments too") boolean values)
            throws IOException, InterruptedException {
        NamespaceFiles files = files(directory);
        Center drafts = center();
        boolean different = false;
        for (String namespace : files.namespaces()) {
            Center.Draft before = drafts.draft(namespace);
            Changes changes = Changes.between(before, files.read(namespace));
            changes.lines(namespace, before, values).forEach(System.out::println);
            different |= !changes.isEmpty();
        }
        for (String namespace : drafts.namespaces()) {
            if (!files.namespaces().contains(namespace)) {
                System.out.println(namespace + ": no file; push leaves it alone");
            }
        }
        return different ? DIFFERENT : 0;
    }

    @Command(description = "make the drafts what the files say; with --publish release all that changed, in one step")
    int push(
            @Parameters(paramLabel = "DIRECTORY") Path directory,
            @Option(names = "--publish", paramLabel = "MESSAGE", description = "release with this message") @Nullable
                    String message,
            @Option(names = "--again", description = "release also what a rollback took back") boolean again,
            @Option(
                            names = "--accept",
                            paramLabel = "REASON",
                            description = "release also what the application would refuse; the reason is kept")
                    @Nullable
                    String accept)
            throws IOException, InterruptedException {
        NamespaceFiles files = files(directory);
        Center drafts = center();
        SortedMap<String, Long> revisions = new TreeMap<>();
        files.passedOver().forEach(link -> System.out.println("passed over " + link + ", a symbolic link"));
        boolean changed = false;
        for (String namespace : files.namespaces()) {
            Center.Draft draft = drafts.draft(namespace);
            Changes changes = Changes.between(draft, files.read(namespace));
            long revision = drafts.change(namespace, draft.revision(), changes);
            int keys = changes.keys().size();
            changed |= keys > 0;
            System.out.println(namespace + ": " + keys + (keys == 1 ? " key changed" : " keys changed"));
            if (!changes.isEmpty() || draft.pending()) {
                revisions.put(namespace, revision);
            }
        }
        if (message != null && !revisions.isEmpty()) {
            try {
                drafts.publish(revisions, message, again, accept);
            } catch (Refused refused) {
                throw changed
                        ? new Refused("the drafts are changed, but nothing is published: " + refused.getMessage())
                        : refused;
            }
            System.out.println("published " + String.join(", ", revisions.keySet()));
        }
        return 0;
    }

    @Command(
            description = "say what the application would refuse of the drafts, and what has no effect there; "
                    + "with DIRECTORY and --build of files that are not pushed yet")
    int check(
            @Parameters(paramLabel = "DIRECTORY", arity = "0..1") @Nullable Path directory,
            @Option(
                            names = "--build",
                            paramLabel = "NAME",
                            description = "the build to check the files against; builds lists them")
                    @Nullable
                    String build)
            throws IOException, InterruptedException {
        named();
        if (directory == null != (build == null)) {
            throw new Refused("files are checked against a build: name a DIRECTORY and a --build, or neither");
        }
        List<String> lines = directory == null || build == null ? checkDrafts() : checkFiles(files(directory), build);
        lines.forEach(System.out::println);
        return lines.stream().anyMatch(line -> line.contains(": error: ")) ? DIFFERENT : 0;
    }

    private List<String> checkDrafts() throws InterruptedException {
        Center drafts = center();
        List<String> lines = new ArrayList<>();
        for (String namespace : drafts.someNamespaces()) {
            drafts.check(namespace).forEach(line -> lines.add(namespace + ": " + line));
        }
        return lines;
    }

    private List<String> checkFiles(NamespaceFiles files, String build) throws IOException, InterruptedException {
        SortedMap<String, SortedMap<String, String>> contents = new TreeMap<>();
        for (String namespace : files.namespaces()) {
            contents.put(namespace, files.read(namespace).items());
        }
        return center().check(build, contents);
    }

    @Command(
            name = "import",
            description =
                    "say what an export of another center would change in drafts, by key; with --apply change them")
    int importFrom(
            @Parameters(
                            paramLabel = "FORMAT",
                            description = "apollo, nacos, spring (a config server's repository) or files (a directory)")
                    ExportFormat format,
            @Parameters(paramLabel = "EXPORT", description = "a zip file or a directory") Path export,
            @Option(names = "--apply", description = "change the drafts; nothing is published") boolean apply,
            @Option(
                            names = "--map",
                            paramLabel = "ENV=STAGE",
                            description = "an environment of the export becomes that stage; PRO=prod is known")
                    @Nullable
                    Map<String, String> stages)
            throws IOException, InterruptedException {
        var names = new ImportNames(
                Optional.of(application).filter(name -> !name.isEmpty()), stage, stages == null ? Map.of() : stages);
        var imported = new Imported();
        format.read(ExportFiles.read(export, imported), names, imported);
        imported.leftOut().forEach(line -> System.out.println("left out " + line));
        if (imported.isEmpty()) {
            throw new Refused("nothing of " + export + " can be imported; is it an export of this format?");
        }
        Center drafts = center();
        boolean different = false;
        for (byte[] step : imported.steps()) {
            List<String> changes = drafts.restore(step, !apply);
            changes.forEach(System.out::println);
            different |= !changes.isEmpty();
        }
        System.out.println(
                apply ? "the drafts are changed; nothing is published" : "nothing is changed; --apply does it");
        return different && !apply ? DIFFERENT : 0;
    }

    @Command(description = "for operators: write all that the config center keeps, of all tenants, to a file")
    int backup(@Parameters(paramLabel = "FILE") Path file) throws IOException, InterruptedException {
        System.out.println("wrote " + file + ", " + BackupFile.write(file, center()) + " bytes");
        return 0;
    }

    @Command(description = "for operators: make an empty config center what such a file says")
    int restore(@Parameters(paramLabel = "FILE") Path file) throws IOException, InterruptedException {
        BackupFile.check(file);
        JsonNode restored = center().restore(file);
        System.out.println("restored " + restored.get("namespaces").asLong() + " namespaces with "
                + restored.get("releases").asLong() + " releases, and "
                + restored.get("earlierReleases").asLong() + " earlier ones");
        return 0;
    }

    private NamespaceFiles files(Path directory) {
        named();
        return new NamespaceFiles(directory, application, stage);
    }

    /**
     * For one application, which a subcommand needs.
     *
     * @param parent of that subcommand
     */
    static Center centerOf(@Nullable ConfigCommand parent) {
        if (parent == null) {
            throw new IllegalStateException("picocli sets the parent");
        }
        parent.named();
        return parent.center();
    }

    /** As {@link #centerOf(ConfigCommand)}, for an application that the subcommand names, if it does. */
    static Center centerOf(@Nullable ConfigCommand parent, String application) {
        if (parent != null && !application.isEmpty()) {
            parent.application = application;
        }
        return centerOf(parent);
    }

    private void named() {
        if (application.isEmpty()) {
            throw new Refused("name the application with --application");
        }
    }

    /** Empty if it isn't named. */
    String application() {
        return application;
    }

    String stage() {
        return stage;
    }

    Center center() {
        if (token == null || token.isBlank()) {
            throw new Refused("set SWITCHBOARD_TOKEN to an access token; docs/reference/api.md tells how to get one");
        }
        if (!token.strip().matches("[\\x21-\\x7e]+")) {
            throw new Refused("SWITCHBOARD_TOKEN holds no access token; docs/reference/api.md tells how to get one");
        }
        return new Center(center, token.strip(), application, stage, tenant);
    }
}
