package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.config.namespace.Center.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchivesTests {

    private static final String ARCHIVES = "/api/v1/config-archives";

    private final Desk desk;

    ArchivesTests() throws Exception {
        desk = Desk.next("archived");
    }

    @Test
    void whatIsArchivedIsRestoredElsewhere() throws Exception {
        desk.release(Map.of("greeting", "Hello\nWorld", "b", "ä"));
        desk.edit(ACME, Map.of("draft-only", "1"));
        desk.edit(desk.stage() + "/menu.yaml", ACME, Map.of("content", "a: 1\n"));
        String query = ARCHIVES + "?application=" + desk.application();

        HttpResponse<byte[]> zip = desk.center().download(query, ACME);
        assertThat(zip.headers().firstValue("Content-Type")).contains("application/zip");
        assertThat(zip.body()).isEqualTo(desk.center().download(query, ACME).body());
        String stage = desk.application() + "/prod/";
        assertThat(files(zip.body()))
                .containsExactly(
                        Map.entry(
                                stage + "application.properties",
                                "b=ä\ndraft-only=1\ngreeting=Hello\\n\\\n    World\n"),
                        Map.entry(stage + "menu.yaml", "a: 1\n"));
        assertThat(files(desk.center().download(query + "&of=current", ACME).body())
                        .get(stage + "application.properties"))
                .doesNotContain("draft-only");

        Answer preview = desk.center().upload(ARCHIVES + "?preview=true", GLOBEX, zip.body());
        assertThat(preview.body()).hasSize(2);
        assertThat(desk.center().get(desk.stage(), GLOBEX).body()).isEmpty();
        Answer restored = desk.center().upload(ARCHIVES, GLOBEX, zip.body());
        assertThat(restored.status()).isEqualTo(200);
        assertThat(restored.body().get(0).get("changes")).hasSize(3);
        assertThat(desk.center().upload(ARCHIVES, GLOBEX, zip.body()).body()).isEmpty();
        assertThat(desk.center().download(query, GLOBEX).body()).isEqualTo(zip.body());
    }

    @Test
    void keysThatAFileDoesNotHaveAreTakenOutIfAskedFor() throws Exception {
        desk.edit(ACME, Map.of("a", "1", "b", "1"));
        byte[] zip = zip(Map.of(desk.application() + "/prod/application.properties", "a=2\n"));

        assertThat(desk.center()
                        .upload(ARCHIVES + "?preview=true", ACME, zip)
                        .body()
                        .get(0)
                        .get("changes"))
                .hasSize(1);
        assertThat(desk.center()
                        .upload(ARCHIVES + "?remove=true", ACME, zip)
                        .body()
                        .get(0)
                        .get("changes"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "/desk/prod/application.properties",
                "desk/prod/../application.properties",
                "desk/prod/x/application.properties",
                "desk/prod/application.exe",
                "desk/prod/Application.properties",
                "application.properties"
            })
    void aFileElsewhereIsRefusedAndNothingIsRestored(String name) throws Exception {
        var files = new LinkedHashMap<String, String>();
        files.put(desk.application() + "/prod/application.properties", "a=1\n");
        files.put(name, "a=1\n");

        Answer answer = desk.center().upload(ARCHIVES, ACME, zip(files));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("INVALID_ARCHIVE");
        assertThat(desk.center().get(desk.stage(), ACME).body()).isEmpty();
    }

    @Test
    void whatIsNoZipByItsTypeIsToldWhichItMustBe() throws Exception {
        Answer answer = desk.center().post(ARCHIVES, ACME, "{}");

        assertThat(answer.code()).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
        assertThat(answer.body().get("detail").asString())
                .isEqualTo("This call takes 'application/zip', not 'application/json'.");
        assertThat(answer.body().get("remedy").asString()).doesNotContain("application/json");
    }

    @Test
    void whatIsNoArchiveOrTooMuchIsRefused() throws Exception {
        String name = desk.application() + "/prod/notes.txt";

        assertThat(desk.center()
                        .upload(ARCHIVES, ACME, "no zip".getBytes(StandardCharsets.UTF_8))
                        .code())
                .isEqualTo("INVALID_ARCHIVE");
        assertThat(desk.center()
                        .upload(ARCHIVES, ACME, zip(Map.of(name, "x".repeat(17 * 1024 * 1024))))
                        .code())
                .isEqualTo("INVALID_ARCHIVE");
        assertThat(desk.center()
                        .upload(ARCHIVES, ACME, new byte[5 * 1024 * 1024])
                        .code())
                .isEqualTo("BODY_TOO_LARGE");
        assertThat(desk.center()
                        .upload(ARCHIVES, ACME, zip(Map.of(desk.application() + "/prod/a.yaml", "a: [")))
                        .code())
                .isEqualTo("INVALID_DOCUMENT");
        assertThat(desk.center().download(ARCHIVES + "?of=yesterday", ACME).statusCode())
                .isEqualTo(400);
        assertThat(desk.center().download(ARCHIVES + "?tenant=acme", GLOBEX).statusCode())
                .isEqualTo(404);
    }

    @Test
    @DisplayName("Apollo 309e0e07e: names in an archive lead nowhere, and directories count as entries")
    void directoriesCountAndNoNameLeadsOut() throws Exception {
        Map<String, String> directories = new LinkedHashMap<>();
        for (int entry = 0; entry < 2_000; entry++) {
            directories.put("d" + entry + "/", "");
        }
        directories.put(desk.application() + "/prod/notes.txt", "text");

        Answer refused = desk.center().upload(ARCHIVES, ACME, zip(directories));

        assertThat(refused.code()).isEqualTo("INVALID_ARCHIVE");
        assertThat(refused.body().get("detail").asString()).contains("2000 files and directories");
        for (String name : new String[] {"../../etc/passwd.txt", "/a/prod/b.txt", "a\\prod\\b.txt", "a/../b.txt"}) {
            assertThat(desk.center()
                            .upload(ARCHIVES, ACME, zip(Map.of(name, "text")))
                            .code())
                    .as(name)
                    .isEqualTo("INVALID_ARCHIVE");
        }
    }

    private static byte[] zip(Map<String, String> files) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private static Map<String, String> files(byte[] bytes) throws Exception {
        var files = new LinkedHashMap<String, String>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }
}
