package io.switchboard.config.namespace;

import static io.switchboard.config.namespace.Center.ACME;
import static io.switchboard.config.namespace.Center.OPERATOR;
import static io.switchboard.config.namespace.Center.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.configprotocol.SealingKey;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** All that one center keeps as a file, and another center made of it. */
class BackupTests {

    private static final String BACKUP = "/api/v1/config-backup";

    @Test
    void aBackupIsForOperatorsOnly() throws Exception {
        Center center = Center.get();

        assertThat(center.get(BACKUP, ACME).code()).isEqualTo("FORBIDDEN");
        assertThat(center.get(BACKUP, SERVICE).code()).isEqualTo("FORBIDDEN");
        assertThat(center.send("GET", BACKUP, null, null).status()).isEqualTo(401);
    }

    @Test
    void whatIsSealedStaysSoInABackup() throws Exception {
        Desk desk = Desk.next("sealed");
        desk.edit(ACME, Map.of("a.plain", "plain to read"));
        desk.publish(ACME, desk.encrypt(ACME, Map.of("password", "hunter2 and more")));

        String content = unpacked(backup(desk.center()));

        assertThat(content).contains("a.plain").contains("plain to read").contains("password");
        assertThat(content).doesNotContain("hunter2");
        for (SealingKey key : desk.center().masterKeys()) {
            assertThat(content).doesNotContain(key.encoded());
        }
    }

    static byte[] backup(Center center) throws Exception {
        HttpResponse<byte[]> answer = center.download(BACKUP, OPERATOR);
        assertThat(answer.statusCode())
                .as(() -> new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return answer.body();
    }

    private static String unpacked(byte[] backup) throws Exception {
        String title = "switchboard-config-backup/1\n";
        assertThat(new String(backup, StandardCharsets.ISO_8859_1)).startsWith(title);
        var packed = new ByteArrayInputStream(backup, title.length(), backup.length - title.length() - 32);
        return new String(new GZIPInputStream(packed).readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
