package io.switchboard.configfiles;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.ConfigCenterApplication;
import io.switchboard.config.access.Identities;
import io.switchboard.config.access.ReaderKeys;
import io.switchboard.configprotocol.CommentRules;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.PropertiesText;
import io.switchboard.configprotocol.SealingKey;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.curator.test.TestingServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Against a real config center and ZooKeeper. */
@ExtendWith(OutputCaptureExtension.class)
class ConfigCommandTests {

    private static final String OPERATOR = "operator";

    private static @Nullable TestingServer zookeeper;
    private static @Nullable ConfigurableApplicationContext context;
    private static String address = "";

    @TempDir
    private Path directory = Path.of("");

    @BeforeAll
    static void start() throws Exception {
        var server = new TestingServer(-1, true);
        context = center(server);
        address = address(context);
        zookeeper = server;
    }

    private static ConfigurableApplicationContext center(TestingServer server) {
        return center(server, "");
    }

    /** @param database for the audit; empty for none */
    private static ConfigurableApplicationContext center(TestingServer server, String database) {
        return ConfigCenterApplication.application()
                .sources(Tokens.class)
                .run(
                        "--config.history.url=" + database,
                        "--server.port=0",
                        "--spring.cloud.zookeeper.enabled=false",
                        "--config.zookeeper.session-timeout=20s",
                        "--config.zookeeper.connection-timeout=10s",
                        "--config.zookeeper.request-timeout=10s",
                        "--config.zookeeper.connect-string=" + server.getConnectString(),
                        "--config.secrets.master-keys=" + SealingKey.random().encoded(),
                        "--config.access.master-secret=a master secret that only tests have");
    }

    private static String address(ConfigurableApplicationContext center) {
        return "http://127.0.0.1:" + center.getEnvironment().getRequiredProperty("local.server.port");
    }

    @AfterAll
    static void stop() throws Exception {
        if (context != null) {
            context.close();
        }
        if (zookeeper != null) {
            zookeeper.close();
        }
    }

    @Test
    void whatIsPushedIsPublishedTogetherAndPulledBackAsItWas(CapturedOutput output) throws Exception {
        Path files = Files.createDirectories(directory.resolve("desk").resolve("prod"));
        String application = "acd.greeting=Good\\n\\\n    \\ day\nattempts=3\n";
        Files.writeString(files.resolve("application.properties"), application);
        Files.writeString(files.resolve("routing.properties"), "max-wait=4711s\n");

        assertThat(run("diff", "desk")).isEqualTo(1);
        assertThat(run("push", "desk", "--publish", "first")).isZero();
        assertThat(run("diff", "desk")).isZero();

        assertThat(center("desk").draft("application").pending()).isFalse();
        assertThat(center("desk").namespaces()).containsExactly("application", "routing");
        Files.delete(files.resolve("application.properties"));
        Files.delete(files.resolve("routing.properties"));
        assertThat(run("pull", "desk")).isZero();
        assertThat(files.resolve("application.properties")).hasContent(application);
        assertThat(files.resolve("routing.properties")).hasContent("max-wait=4711s\n");
        assertThat(output)
                .contains("application: attempts added", "published application, routing")
                .doesNotContain("4711s");
    }

    @Test
    void aKeyThatIsNotInTheFileGoesAndADraftWaits(CapturedOutput output) throws Exception {
        Path file = directory.resolve("hotline").resolve("prod").resolve("application.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "a=1\nb=1\n");
        run("push", "hotline", "--publish", "first");
        Files.writeString(file, "a=2\n");

        assertThat(run("diff", "hotline", "--values")).isEqualTo(1);
        assertThat(output).contains("application: a changed", "  - 1", "  + 2", "application: b taken out");
        assertThat(run("push", "hotline")).isZero();

        Center.Draft draft = center("hotline").draft("application");
        assertThat(draft.items()).isEqualTo(new TreeMap<>(Map.of("a", "2")));
        assertThat(draft.pending()).isTrue();
        run("push", "hotline", "--publish", "what waited");
        assertThat(center("hotline").draft("application").pending()).isFalse();
    }

    @Test
    void aRefusedPublicationSaysThatTheDraftIsChangedAndALinkThatNobodyReadsIsNamed(CapturedOutput output)
            throws Exception {
        Path stage = Files.createDirectories(directory.resolve("wrens").resolve("prod"));
        Files.writeString(stage.resolve("application.properties"), "a=1\n");
        Path link = Files.createSymbolicLink(stage.resolve("routing"), directory.resolve("nowhere"));
        assertThat(run("push", "wrens", "--publish", "first")).isZero();
        assertThat(output).contains("application: 1 key changed", "passed over " + link + ", a symbolic link");

        String tooLong = "m".repeat(501);
        Files.writeString(stage.resolve("application.properties"), "a=2\nb=3\n");
        assertThat(run("push", "wrens", "--publish", tooLong)).isEqualTo(2);
        assertThat(output)
                .contains("application: 2 keys changed", "the drafts are changed, but nothing is published: 400 ");
        assertThat(run("push", "wrens", "--publish", tooLong)).isEqualTo(2);
        assertThat(output.getErr().lines().toList().getLast()).startsWith("config: 400 ");
    }

    /** Somebody else's commit must not send, or write over, a file of who pushes or pulls. */
    @Test
    void aLinkInTheTreeIsRefused(CapturedOutput output) throws Exception {
        Path stage = Files.createDirectories(directory.resolve("links").resolve("prod"));
        Path outside = Files.writeString(directory.resolve("outside.properties"), "a=of-somebody\n");
        Files.writeString(stage.resolve("application.properties"), "a=1\n");
        run("push", "links", "--publish", "first");

        Files.delete(stage.resolve("application.properties"));
        Files.createSymbolicLink(stage.resolve("application.properties"), outside);
        for (String command : List.of("push", "diff", "pull")) {
            assertThat(run(command, "links")).as(command).isEqualTo(2);
        }
        assertThat(outside).hasContent("a=of-somebody\n");

        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("application.properties"), "a=of-somebody\n");
        Files.delete(stage.resolve("application.properties"));
        Files.delete(stage);
        Files.createSymbolicLink(stage, elsewhere);
        for (String command : List.of("push", "diff", "pull")) {
            assertThat(run(command, "links")).as(command).isEqualTo(2);
        }

        assertThat(elsewhere.resolve("application.properties")).hasContent("a=of-somebody\n");
        assertThat(center("links").draft("application").items()).isEqualTo(new TreeMap<>(Map.of("a", "1")));
        assertThat(output).contains("is a symbolic link").doesNotContain("of-somebody");
    }

    @Test
    void commentsStandAboveTheirKeysAndAreReleasedToo(CapturedOutput output) throws Exception {
        Path file = directory.resolve("comments").resolve("prod").resolve("application.properties");
        Files.createDirectories(file.getParent());
        String text = "a=1\n# In seconds.\n#\n# At most sixty.\nwait=30\n";
        Files.writeString(file, "# Of the whole file.\n\n" + text);

        run("push", "comments", "--publish", "first");
        run("pull", "comments");
        assertThat(file).hasContent(text);
        Files.writeString(file, text.replace("sixty", "ninety"));

        assertThat(run("diff", "comments")).isEqualTo(1);
        assertThat(output).contains("application: wait has another comment").doesNotContain("ninety");
        assertThat(run("diff", "comments", "--values")).isEqualTo(1);
        assertThat(output).contains("  - # In seconds.", "  + # In seconds.", "At most ninety.");
        assertThat(run("push", "comments", "--publish", "other comment")).isZero();
        assertThat(center("comments").draft("application").comments())
                .isEqualTo(Map.of("wait", "In seconds.\n\nAt most ninety."));
        assertThat(center("comments").draft("application").pending()).isFalse();
        assertThat(run("diff", "comments")).isZero();
    }

    @Test
    void aCommentThatIsTooLongIsToldWithItsKeyAndKeepsNothingFromBeingImported(CapturedOutput output) throws Exception {
        String licence = "# licence\n".repeat(150) + "a=1\n";
        Path file = directory.resolve("licensed").resolve("prod").resolve("application.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(file, licence);

        assertThat(run("push", "licensed")).isEqualTo(2);
        assertThat(output).contains("INVALID_COMMENT", "The comment of 'a' has 1199 characters", "an empty line");

        Path export = Files.createDirectories(directory.resolve("export"));
        Files.writeString(export.resolve("application.properties"), licence);
        assertThat(imports("files", export, "--apply", "--application", "licensed"))
                .isZero();
        assertThat(output).contains("left out application.properties: the comment of a has more than 1000 characters");
        assertThat(center("licensed").draft("application").items()).containsEntry("a", "1");

        // Each of these characters takes two units of UTF-16.
        String calls = "\uD83D\uDCDE".repeat(CommentRules.LONGEST);
        Files.writeString(export.resolve("application.properties"), "# " + calls + "\na=1\n");
        assertThat(imports("files", export, "--apply", "--application", "licensed"))
                .isZero();
        assertThat(center("licensed").draft("application").comments()).containsEntry("a", calls);
    }

    @Test
    void aDocumentIsAFileOfItsOwnName(CapturedOutput output) throws Exception {
        Path files = Files.createDirectories(directory.resolve("menus").resolve("prod"));
        String menu = "menu:\n  # for callers\n  greeting: Hello\n";
        Files.writeString(files.resolve("menu.yaml"), menu);
        Files.writeString(files.resolve("README.md"), "not a namespace");

        assertThat(run("push", "menus", "--publish", "first")).isZero();
        Files.delete(files.resolve("menu.yaml"));
        assertThat(run("pull", "menus")).isZero();
        assertThat(Files.readString(files.resolve("menu.yaml"))).isEqualTo(menu);
        assertThat(center("menus").namespaces()).containsExactly("menu.yaml");

        Files.writeString(files.resolve("menu.yaml"), "menu: [hunter2\n");
        assertThat(run("push", "menus")).isEqualTo(2);
        assertThat(output).contains("INVALID_DOCUMENT", "Line 2").doesNotContain("hunter2");
    }

    @Test
    void moreThanOneRequestTakesIsPushedInSeveral() throws Exception {
        Path file = directory.resolve("large").resolve("prod").resolve("application.properties");
        Files.createDirectories(file.getParent());
        SortedMap<String, String> items = new TreeMap<>();
        for (int item = 0; item < 10; item++) {
            items.put("item-" + item, String.valueOf(item).repeat(60_000));
        }
        Files.writeString(file, PropertiesText.of(items, Map.of()));

        assertThat(run("push", "large")).isZero();

        assertThat(center("large").draft("application").items()).isEqualTo(items);
    }

    @Test
    void whatIsRefusedIsSaid(CapturedOutput output) throws Exception {
        Path file = directory.resolve("bad").resolve("prod").resolve("application.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "no/key=1\n");

        assertThat(run("push", "bad")).isEqualTo(2);
        assertThat(output).contains("INVALID_KEY");
        assertThat(ConfigCommand.run(null, "pull", directory.toString(), "--application", "bad"))
                .isEqualTo(2);
        assertThat(output).contains("set SWITCHBOARD_TOKEN");
        assertThat(run("push", "nowhere")).isEqualTo(2);
        assertThat(output).contains("there is no directory");
        assertThat(ConfigCommand.run(
                        "acme", "pull", directory.toString(), "--application", "x", "--center", "http://127.0.0.1:1"))
                .isEqualTo(2);
        assertThat(output).contains("gives no answer");
    }

    @Test
    void anExportOfApolloIsPreviewedAndPutIntoDrafts(CapturedOutput output) throws Exception {
        Path export = zip(Map.of(
                "apollo/SampleApp/app.metadata", "{\"appId\":\"SampleApp\"}",
                "SampleApp+menu.yml.appnamespace.metadata", "{}",
                "apollo/SampleApp/PRO/default.cluster.metadata", "{}",
                "apollo/SampleApp/PRO/SampleApp+default+application.properties", """
                        [{"id":0,"namespaceId":0,"key":"timeout","type":0,"value":"4711","comment":"","lineNum":1},
                         {"id":0,"namespaceId":0,"key":"","value":"","comment":"# hours","lineNum":2},
                         {"id":0,"namespaceId":0,"key":"path","value":"C:\\\\temp","comment":"of a day","lineNum":3}]
                        """,
                "apollo/SampleApp/PRO/SampleApp+default+menu.yml",
                        "[{\"key\":\"content\",\"value\":\"menu:\\n  greeting: Hello\\n\"}]",
                "apollo/SampleApp/PRO/SampleApp+shanghai+application.properties", "[]",
                "apollo/SampleApp/DEV/SampleApp+default+application.properties",
                        "[{\"key\":\"timeout\",\"value\":\"1\"}]"));

        assertThat(imports("apollo", export)).isEqualTo(1);
        assertThat(center("sampleapp").namespaces()).isEmpty();
        assertThat(imports("apollo", export, "--apply", "--map", "DEV=test")).isZero();

        assertThat(center("sampleapp").draft("application").items())
                .isEqualTo(new TreeMap<>(Map.of("timeout", "4711", "path", "C:\\temp")));
        assertThat(center("sampleapp").draft("application").comments()).isEqualTo(Map.of("path", "hours\nof a day"));
        assertThat(center("sampleapp").draft("menu.yaml").items())
                .containsEntry("content", "menu:\n  greeting: Hello\n");
        assertThat(new Center(address, "acme", "sampleapp", "test", null)
                        .draft("application")
                        .items())
                .containsOnlyKeys("timeout");
        assertThat(output)
                .contains(
                        "sampleapp/prod/application: timeout added",
                        "left out apollo/SampleApp/PRO/SampleApp+shanghai+application.properties: only the cluster",
                        "nothing is changed")
                .doesNotContain("4711");
    }

    @Test
    void anExportOfNacosIsPutIntoDrafts(CapturedOutput output) throws Exception {
        Path export = zip(Map.of(
                "DEFAULT_GROUP/orders.yaml", "orders:\n  limit: 5\n",
                "DEFAULT_GROUP/gateway", "a=1\n",
                "SEATA_GROUP/store.properties", "mode=db\n",
                "DEFAULT_GROUP/rules", "if x then y",
                "DEFAULT_GROUP/cipher-aes-secrets", "0011",
                ".metadata.yml", """
                        metadata:
                        - appName: nacosshop
                          dataId: orders.yaml
                          desc: ''
                          group: DEFAULT_GROUP
                          type: yaml
                        - dataId: gateway
                          group: DEFAULT_GROUP
                          type: properties
                        """));

        assertThat(imports("nacos", export)).isEqualTo(2);
        assertThat(output).contains("name the application with --application");
        assertThat(imports("nacos", export, "--application", "nacosshop", "--apply"))
                .isZero();

        assertThat(center("nacosshop").namespaces())
                .containsExactly("gateway", "orders.yaml", "rules.txt", "seata-group.store");
        assertThat(center("nacosshop").draft("gateway").items()).isEqualTo(new TreeMap<>(Map.of("a", "1")));
        assertThat(output).contains("left out DEFAULT_GROUP/cipher-aes-secrets: is encrypted");

        Path former = zip(Map.of(
                "DEFAULT_GROUP/a.properties", "a=1\n", ".meta.yml", "DEFAULT_GROUP.a~properties.app=formershop\r\n"));
        assertThat(imports("nacos", former, "--apply")).isZero();
        assertThat(center("formershop").namespaces()).containsExactly("a");
    }

    @Test
    void theRepositoryOfAConfigServerIsPutIntoDrafts(CapturedOutput output) throws Exception {
        Path repository = Files.createDirectories(directory.resolve("repository"));
        Files.createDirectories(repository.resolve(".git"));
        Files.writeString(repository.resolve(".git").resolve("config"), "[core]");
        Files.createDirectories(repository.resolve("billing"));
        Files.writeString(repository.resolve("application.yml"), "shared: 1\n");
        Files.writeString(repository.resolve("billing.yml"), """
                retries: 3
                ---
                spring:
                  config:
                    activate:
                      on-profile: "prod"
                  application.name: x
                retries: 5
                ---
                spring.config.activate.on-profile: dev
                retries: 1
                """);
        Files.writeString(repository.resolve("billing").resolve("application-prod.properties"), "region=eu\n");
        Files.writeString(repository.resolve("billing-dev.yml"), "retries: 0\n");
        Files.writeString(repository.resolve("orders.yml"), "a: 1\n");

        assertThat(imports("spring", repository, "--application", "billing", "--apply"))
                .isZero();

        Center billing = center("billing");
        assertThat(billing.namespaces()).containsExactly("base.yaml", "shared-stage", "shared.yaml", "stage.yaml");
        assertThat(billing.draft("stage.yaml").items())
                .containsEntry("content", "spring:\n  application.name: x\nretries: 5\n");
        assertThat(billing.draft("shared-stage").items()).containsEntry("region", "eu");
        assertThat(output)
                .contains(
                        "left out orders.yml: is another application's",
                        "left out billing-dev.yml",
                        "left out billing.yml: a document of it is for the profile 'dev'")
                .doesNotContain(".git");
    }

    @Test
    void aProfilesFilesWinOverAllOthersAsOnTheirServer() throws Exception {
        Path repository = Files.createDirectories(directory.resolve("layers"));
        Files.writeString(repository.resolve("application.properties"), "a=1\nb=1\nc=1\nd=1\n");
        Files.writeString(repository.resolve("invoices.properties"), "b=2\nc=2\nd=2\n");
        Files.writeString(repository.resolve("application-prod.properties"), "c=3\nd=3\n");
        Files.writeString(repository.resolve("invoices-prod.properties"), "d=4\n");
        assertThat(imports("spring", repository, "--application", "invoices", "--apply"))
                .isZero();

        SortedMap<String, String> effective = new TreeMap<>();
        Matcher imported = Pattern.compile("optional:switchboard:([a-z-]+)\\.yaml")
                .matcher(Files.readString(Path.of("../docs/how-to/import-configuration-from-another-center.md")));
        while (imported.find()) {
            effective.putAll(center("invoices").draft(imported.group(1)).items());
        }

        assertThat(effective).isEqualTo(Map.of("a", "1", "b", "2", "c", "3", "d", "4"));
    }

    @Test
    void aDirectoryOfFilesIsPutIntoDraftsAndWhatIsHostileIsRefused(CapturedOutput output) throws Exception {
        Path files = Files.createDirectories(directory.resolve("files"));
        Files.writeString(files.resolve("Routing Rules.properties"), "a=1\n");
        Files.writeString(files.resolve("notes.txt"), "call me");
        Files.write(files.resolve("picture.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', (byte) 0xff});
        assertThat(imports("files", files, "--application", "plain", "--apply")).isZero();
        assertThat(output).contains("left out picture.png: is no text in UTF-8");
        assertThat(center("plain").namespaces()).containsExactly("notes.txt", "routing-rules");

        Files.writeString(files.resolve("routing_rules.properties"), "a=2\n");
        assertThat(imports("files", files, "--application", "plain")).isEqualTo(2);
        assertThat(output).contains("would both become plain/prod/routing-rules");

        assertThat(imports("files", zip(Map.of("../../escaped.properties", "a=1\n")), "--application", "plain"))
                .isEqualTo(2);
        assertThat(output).contains("left out ../../escaped.properties");
        assertThat(imports(
                        "files", zip(Map.of("a.txt", "x".repeat(ExportFiles.LARGEST + 1))), "--application", "plain"))
                .isEqualTo(2);
        assertThat(output).contains("more than 2000 files or 16777216 bytes");
        Map<String, String> many = new TreeMap<>();
        for (int file = 0; file <= ExportFiles.MOST_FILES; file++) {
            many.put("f" + file + ".txt", "");
        }
        assertThat(imports("files", zip(many), "--application", "plain")).isEqualTo(2);
        Map<String, String> directories = new TreeMap<>(Map.of("z.txt", ""));
        for (int entry = 0; entry < ExportFiles.MOST_ENTRIES; entry++) {
            directories.put("d" + entry + "/", "");
        }
        assertThat(imports("files", zip(directories), "--application", "plain")).isEqualTo(2);
        assertThat(output).contains("more than 20000 files and directories");
        Path noZip = Files.writeString(directory.resolve("no.zip"), "PK no zip");
        assertThat(imports("apollo", noZip)).isEqualTo(2);
        assertThat(output).contains("no.zip is no zip file");
    }

    private Path zip(Map<String, String> files) throws IOException {
        Path file = Files.createTempFile(directory, "export", ".zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, String> entry : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(UTF_8));
            }
        }
        return file;
    }

    private int imports(String format, Path export, String... more) {
        var arguments = new ArrayList<>(List.of("import", format, export.toString(), "--center", address));
        arguments.addAll(List.of(more));
        return ConfigCommand.run("acme", arguments.toArray(String[]::new));
    }

    @Test
    void whatAnApplicationConnectsWithIsForItsPublishers(CapturedOutput output) throws Exception {
        center("swan").change("application", 0, new Changes(new TreeMap<>(Map.of("a", "1")), new TreeMap<>()));

        assertThat(ConfigCommand.run("acme", "credentials", "swan", "--center", address))
                .isZero();
        assertThat(output)
                .containsPattern("(?m)^SWITCHBOARD_CONFIG_SECRET=.{16,}$")
                .contains("SWITCHBOARD_CONFIG_APPLICATION=swan")
                .doesNotContain("ACCESS_KEY");

        assertThat(ConfigCommand.run("acme", "credentials", "nobody", "--center", address))
                .isEqualTo(2);
        assertThat(output).contains("config: 404 NOT_FOUND: 'nobody' has no configuration in the stage 'prod'.");
    }

    @Test
    void whatANamespaceInheritsIsSaidAndChanged(CapturedOutput output) throws Exception {
        Path files = Files.createDirectories(directory.resolve("heron").resolve("prod"));
        Files.writeString(files.resolve("menu.yaml"), "a: 1\n");
        run("push", "heron", "--publish", "first");

        assertThat(command("inherit", "heron", "menu.yaml")).isZero();
        assertThat(output).contains("heron/application as drafted", "heron/menu.yaml at release 1");
        assertThat(center("heron").draft("application").items()).containsEntry("switchboard.inherits", "menu.yaml");
        assertThat(command("inherit", "heron", "nowhere")).isEqualTo(2);
        assertThat(output).contains("INVALID_PARENT");
        assertThat(command("inherit", "heron", "--nothing")).isZero();
        assertThat(center("heron").draft("application").items()).isEmpty();
        assertThat(command("builds", "heron")).isZero();
    }

    @Test
    void filesAreCheckedAgainstABuildThatAPipelineSent(CapturedOutput output) throws Exception {
        Path files = Files.createDirectories(directory.resolve("stork").resolve("prod"));
        Files.writeString(files.resolve("application.properties"), "calls.attempts=3\n");
        run("push", "stork");
        Path classes = Files.createDirectories(directory.resolve("classes"));

        assertThat(command("builds", "stork", "send", classes.toString())).isEqualTo(2);
        assertThat(output).contains("there is no META-INF/spring-configuration-metadata.json in ");
        Path metadata =
                Files.createDirectories(classes.resolve("META-INF")).resolve("spring-configuration-metadata.json");
        Files.writeString(metadata, "{\"properties\":[{\"name\":\"calls.attempts\",\"type\":\"java.lang.Integer\"}]}");
        assertThat(command("builds", "stork", "send", classes.toString())).isEqualTo(2);
        assertThat(output).contains("name it with --build");
        assertThat(command("builds", "stork", "send", classes.toString(), "--build", "2.8.0"))
                .isZero();
        assertThat(command("builds", "stork", "send", metadata.toString(), "--build", "2.8.1", "--version", "2.8"))
                .isZero();
        assertThat(command("builds", "stork")).isZero();
        assertThat(output).contains("2.8.0, version 2.8.0, 1 property,", "2.8.1, version 2.8, 1 property,");

        assertThat(run("check", "stork", "--build", "2.8.0")).isZero();
        Files.writeString(files.resolve("application.properties"), "calls.attempts=hunter2\n");
        assertThat(run("check", "stork", "--build", "2.8.0")).isEqualTo(1);
        assertThat(output).contains("application: error: calls.attempts: ").doesNotContain("hunter2");
        assertThat(run("check", "stork", "--build", "none")).isEqualTo(2);
        assertThat(output).contains("404 NOT_FOUND: 'stork' has no build 'none'.");
        assertThat(run("check", "stork")).isEqualTo(2);
        assertThat(command("check", "stork")).isZero();
    }

    @Test
    void whatIsWrongIsSaidInOneLine(CapturedOutput output) throws Exception {
        Path file = Files.writeString(directory.resolve("a-file"), "");
        center("crane").change("application", 0, new Changes(new TreeMap<>(Map.of("a", "1")), new TreeMap<>()));

        Map<String, List<String>> wrong = new TreeMap<>(Map.of(
                "127.0.0.1:1 gives no answer",
                        List.of("pull", "x", "--application", "crane", "--center", "http://127.0.0.1:1"),
                "--center must be an address",
                        List.of("pull", "x", "--application", "crane", "--center", "localhost:8085"),
                "'nobody' has no configuration in the stage 'prod'",
                        List.of("pull", "x", "--application", "nobody", "--center", address),
                "there is no directory", List.of("push", "no-such", "--application", "crane", "--center", address),
                "can't be read or written",
                        List.of("pull", file.toString(), "--application", "crane", "--center", address),
                "Unknown option: '--no'; see ./switchboard config push --help", List.of("push", "x", "--no"),
                "Missing required parameter: 'DIRECTORY'", List.of("push"),
                "name the application", List.of("pull", "x", "--center", address)));
        for (Map.Entry<String, List<String>> one : wrong.entrySet()) {
            int before = output.getErr().length();
            assertThat(ConfigCommand.run("acme", one.getValue().toArray(String[]::new)))
                    .isEqualTo(2);
            assertThat(output.getErr().substring(before).lines())
                    .singleElement()
                    .asString()
                    .contains(one.getKey());
        }

        for (String token : List.of("", "two\nlines", "nobody's")) {
            int before = output.getErr().length();
            assertThat(ConfigCommand.run(token, "pull", "x", "--application", "crane", "--center", address))
                    .isEqualTo(2);
            assertThat(output.getErr().substring(before).lines())
                    .singleElement()
                    .asString()
                    .containsAnyOf("SWITCHBOARD_TOKEN", "401 UNAUTHENTICATED")
                    .doesNotContain("two");
        }
    }

    /** ./switchboard shows it, so that nobody has to build anything to read it. */
    @Test
    void theHelpThatIsKeptIsTheOneThatTheCommandsGive() throws Exception {
        var help = new StringBuilder();
        addHelp(ConfigCommand.commandLine(null), help);
        Path kept = Path.of("src/main/help/config.txt");
        if ("true".equals(System.getenv("WRITE_REFERENCE"))) {
            Files.createDirectories(Objects.requireNonNull(kept.getParent()));
            Files.writeString(kept, help);
        }

        assertThat(kept).as("WRITE_REFERENCE=true writes it").hasContent(help.toString());
    }

    private static void addHelp(CommandLine command, StringBuilder help) {
        help.append("== ")
                .append(command.getCommandSpec().qualifiedName().replace("./switchboard ", ""))
                .append('\n')
                .append(command.getUsageMessage(Ansi.OFF));
        command.getSubcommands().values().forEach(one -> addHelp(one, help));
    }

    private int command(String command, String application, String... more) {
        var arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--application", application, "--center", address));
        return ConfigCommand.run("acme", arguments.toArray(String[]::new));
    }

    @Test
    void aReaderKeyIsIssuedShownAndRetired(CapturedOutput output) throws Exception {
        assertThat(center("owls")
                        .change("application", 0, new Changes(new TreeMap<>(Map.of("a", "1")), new TreeMap<>())))
                .isEqualTo(1);

        assertThat(keys("retire", "first")).isEqualTo(2);
        assertThat(output).contains("409 NEWEST_READER_KEY");
        assertThat(keys("issue", "autumn")).isZero();
        assertThat(output).contains("autumn, issued by ").containsPattern("(?m)^first$");
        assertThat(keys("rotate", "winter", "--days", "3")).isZero();
        assertThat(output).containsPattern("(?m)^first, retires at ");
        assertThat(keys("retire", "first")).isZero();
        assertThat(keys("retire", "frist")).isEqualTo(2);
        assertThat(output).contains("404 NOT_FOUND: 'owls' has no reader key 'frist'.");
        assertThat(keys("rotate", "winter", "--days", "0")).isZero();
        assertThat(keys("show")).isZero();
        assertThat(center("owls").readerKeys().size()).isEqualTo(1);
    }

    @Test
    void accessKeysAreShownAndRotated(CapturedOutput output) throws Exception {
        assertThat(center("owls").change("access", 0, new Changes(new TreeMap<>(Map.of("a", "1")), new TreeMap<>())))
                .isPositive();

        assertThat(keys("rotate-access", "spring", "--days", "2")).isZero();
        assertThat(keys("show-access")).isZero();

        assertThat(output).containsPattern("(?m)^spring, issued by ").containsPattern("(?m)^first, retires at ");
    }

    private int keys(String... arguments) {
        var all = new ArrayList<>(List.of("keys"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--application", "owls", "--center", address));
        return ConfigCommand.run("acme", all.toArray(String[]::new));
    }

    @Test
    void aCanaryIsStartedShownAndAbandonedAndAskedForAsTheApiTakesIt(CapturedOutput output) throws Exception {
        Path file = directory.resolve("birds").resolve("prod").resolve("application.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "a=1\n");
        run("push", "birds", "--publish", "first");

        assertThat(canary("start", "night", "--percent", "100")).isEqualTo(2);
        assertThat(output).contains("no draft differs");
        Files.writeString(file, "a=2\n");
        run("push", "birds");
        assertThat(canary("start", "night", "--percent", "100")).isEqualTo(2);
        assertThat(output).contains("NOBODY_CHOSEN");
        assertThat(canary("start", "night")).isEqualTo(2);
        assertThat(canary("start", "night", "--percent", "1", "--label", "a=b")).isEqualTo(2);

        reportOneClient();
        List<String> start = List.of("start", "night", "--label", "zone=eu", "--message", "new hours");
        List<String> seconds = List.of("--confirm-seconds", "77");
        List<String> reasons = List.of("--override", "calls fail", "--accept", "it is right");
        assertThat(canary(start, seconds, reasons)).isZero();
        assertThat(center("birds")
                        .canary("night")
                        .get("canary")
                        .get("confirmSeconds")
                        .asInt())
                .isEqualTo(77);
        assertThat(canary(start, seconds, reasons)).isZero();
        // The center has heard of both reasons, or it would be the same call.
        assertThat(canary(start, seconds, reasons.subList(0, 2))).isEqualTo(2);
        assertThat(canary(start, seconds, reasons.subList(2, 4))).isEqualTo(2);
        assertThat(output).contains("CANARY_EXISTS");
        assertThat(canary("show", "night")).isZero();
        assertThat(output).contains("night: RUNNING", "application  c1  release 1  WAITING");
        assertThat(canary("choose", "night", "--instance", "c1")).isZero();
        assertThat(canary("abandon", "night", "--message", "too early")).isZero();
        assertThat(canary("show")).isZero();
        assertThat(output).contains("night: ABANDONED", "too early");
        assertThat(canary("promote", "night")).isEqualTo(2);
        assertThat(output).contains("CANARY_OVER");
    }

    /** As an application without ZooKeeper does. */
    private static void reportOneClient() throws Exception {
        var path = new NamespacePath("acme", "birds", "prod", "application");
        var identities = Objects.requireNonNull(context).getBean(Identities.class);
        String credential =
                identities.readerUser(path) + ":" + identities.readerSecret(path, ReaderKeys.FIRST.newest());
        var request = HttpRequest.newBuilder(URI.create(address + "/delivery/v1/prod/application/clients/c1"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credential.getBytes(UTF_8)))
                .PUT(BodyPublishers.ofString("{\"release\":1,\"labels\":{\"zone\":\"eu\"}}"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(204);
    }

    @SafeVarargs
    private static int canary(List<String>... arguments) {
        return canary(Stream.of(arguments).flatMap(List::stream).toArray(String[]::new));
    }

    private static int canary(String... arguments) {
        var all = new java.util.ArrayList<>(List.of("canary"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--application", "birds", "--center", address));
        return ConfigCommand.run("acme", all.toArray(String[]::new));
    }

    @Test
    void anOperatorKeepsAllOfACenterInAFileAndMakesAnEmptyOneOfIt(CapturedOutput output) throws Exception {
        Path file = directory.resolve("center.backup");
        Path properties = directory.resolve("kept").resolve("prod").resolve("application.properties");
        Files.createDirectories(properties.getParent());
        Files.writeString(properties, "a=1\n");
        assertThat(run("push", "kept", "--publish", "first")).isZero();

        assertThat(asOperator("backup", file, address)).isZero();
        assertThat(output.toString()).contains("wrote " + file);
        assertThat(asOperator("restore", file, address)).isEqualTo(2);
        assertThat(output.toString()).contains("409 CENTER_NOT_EMPTY");
        try (var server = new TestingServer(-1, true);
                var empty = center(server)) {
            assertThat(asOperator("restore", file, address(empty))).isZero();
            assertThat(output.toString()).contains("restored ").contains(" earlier ones");
            assertThat(ConfigCommand.run(
                            "acme", "diff", directory.toString(), "--application", "kept", "--center", address(empty)))
                    .isZero();
        }
    }

    @Test
    void whoChangedWhatIsATable(CapturedOutput output) throws Exception {
        assertThat(ConfigCommand.run("acme", "audit", "--center", address)).isEqualTo(2);
        assertThat(output.toString()).contains("409 NO_AUDIT");
        try (var server = new TestingServer(-1, true);
                var postgres = EmbeddedPostgres.start();
                var audited = center(server, postgres.getJdbcUrl("postgres", "postgres"))) {
            String there = address(audited);
            assertThat(audit(there)).isZero();
            assertThat(output.toString()).contains("there is no such entry");
            var drafts = new Center(there, "acme", "gulls", "prod", null);
            for (int change = 0; change < 205; change++) {
                var items = new TreeMap<String, @Nullable String>(Map.of("a", "value-" + change));
                drafts.change("application", change, new Changes(items, new TreeMap<>()));
            }
            assertThat(audit(there, "--limit", "204")).isZero();
            assertThat(output.toString().lines().filter(line -> line.contains(" draft.change ")))
                    .hasSize(204)
                    .allMatch(
                            line -> line.matches(
                                    "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z +ann +draft\\.change +acme/gulls/prod/application +(done 200|begun)"));
            assertThat(output.toString())
                    .containsPattern("(?m)^AT +WHO +ACTION +WHERE +OUTCOME$")
                    .doesNotContain("value-");
            int before = output.toString().length();
            assertThat(audit(there, "--stage", "test")).isZero();
            assertThat(audit(there, "--actor", "bob")).isZero();
            assertThat(audit(there, "--outcome", "failed", "--application", "gulls"))
                    .isZero();
            assertThat(audit(there, "--from", "2100-01-01T00:00:00Z")).isZero();
            assertThat(output.toString().substring(before)).doesNotContain("draft.change");
            assertThat(audit(there, "--outcome", "odd")).isEqualTo(2);
            assertThat(audit(there, "--limit", "0")).isEqualTo(2);
            assertThat(output.toString()).contains("400 INVALID_REQUEST", "--limit must be at least 1");
        }
    }

    private static int audit(String center, String... more) {
        var arguments = new ArrayList<>(List.of("audit", "--center", center));
        arguments.addAll(List.of(more));
        return ConfigCommand.run("acme", arguments.toArray(String[]::new));
    }

    @Test
    void whatIsNoWholeBackupIsNeitherKeptNorSent(CapturedOutput output) throws Exception {
        Path file = Files.writeString(directory.resolve("center.backup"), "what was there before");

        assertThat(ConfigCommand.run("acme", "backup", file.toString(), "--center", address))
                .isEqualTo(2);
        assertThat(output.toString()).contains("403 FORBIDDEN");
        assertThat(file).hasContent("what was there before");
        assertThat(directory).isDirectoryNotContaining("glob:**/.backup*");
        assertThat(asOperator("restore", file, "http://127.0.0.1:1")).isEqualTo(2);
        assertThat(output.toString()).contains(file + " is no backup, or was cut off or changed");
    }

    @Test
    void aBackupThatCannotBeWrittenNamesTheFileThatWasAskedFor(CapturedOutput output) throws Exception {
        Path nowhere = directory.resolve("nowhere");
        assertThat(asOperator("backup", nowhere.resolve("x"), address)).isEqualTo(2);
        assertThat(output.getErr())
                .contains(nowhere.resolve("x") + " can't be written: there is no directory " + nowhere);

        Path taken = Files.createDirectories(directory.resolve("taken").resolve("full"))
                .getParent();
        assertThat(asOperator("backup", Objects.requireNonNull(taken), address)).isEqualTo(2);
        assertThat(output.getErr()).contains(taken + " can't be written: ").doesNotContain(".backup");
        assertThat(directory).isDirectoryNotContaining("glob:**/.backup*");
    }

    private static int asOperator(String command, Path file, String center) {
        return ConfigCommand.run(OPERATOR, command, file.toString(), "--center", center);
    }

    private int run(String command, String application, String... more) {
        var arguments = new ArrayList<>(
                List.of(command, directory.toString(), "--application", application, "--center", address));
        arguments.addAll(List.of(more));
        return ConfigCommand.run("acme", arguments.toArray(String[]::new));
    }

    private static Center center(String application) {
        return new Center(address, "acme", application, "prod", null);
    }

    /** The token is the tenant's name. */
    @Configuration(proxyBeanMethods = false)
    static class Tokens {

        @Bean
        JwtDecoder decoder() {
            return token -> {
                if (token.contains("'")) {
                    throw new BadJwtException("no token of ours");
                }
                return token(token);
            };
        }

        private static Jwt token(String token) {
            boolean operator = token.equals(OPERATOR);
            Jwt.Builder jwt = Jwt.withTokenValue(token)
                    .header("alg", "none")
                    .subject("ann")
                    .issuedAt(Instant.now())
                    .expiresAt(Instant.now().plusSeconds(60))
                    .claim("roles", List.of(operator ? "operator" : "tenant"));
            return operator ? jwt.build() : jwt.claim("tenant", token).build();
        }
    }
}
