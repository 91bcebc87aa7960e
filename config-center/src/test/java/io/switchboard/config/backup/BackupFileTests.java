package io.switchboard.config.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Sha256;
import io.switchboard.contracts.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no backup is known before anything of it is used. */
class BackupFileTests {

    private static final NamespacePath DESK = NamespacePath.parse("acme/desk/prod/application");

    @TempDir
    private Path directory;

    @Test
    void whatWasWrittenIsReadAgain() throws Exception {
        List<Entry> read = read(written(
                entry(Address.of(Place.FREEZES, "acme", "prod"), 0, "freezes"),
                entry(Address.of(Place.READER_KEYS, DESK, ""), 0, "keys"),
                entry(Address.of(Place.DUE, DESK, "0000000000001~night"), 0, ""),
                entry(Address.of(Place.DRAFT, DESK, ""), 7, "draft"),
                entry(Address.of(Place.RELEASE, DESK, "9"), 0, "nine"),
                entry(Address.of(Place.RELEASE, DESK, "10"), 0, "ten")));

        assertThat(read)
                .extracting(entry -> entry.address().node() + " " + entry.revision() + " " + content(entry))
                .containsExactly(
                        "/switchboard/config-center/freezes/acme/prod 0 freezes",
                        "/switchboard/config-center/readers/acme/desk 0 keys",
                        "/switchboard/config-center/due/0000000000001~acme~desk~prod~night 0 ",
                        "/switchboard/config/acme/desk/prod/application/draft 7 draft",
                        "/switchboard/config/acme/desk/prod/application/releases/9 0 nine",
                        "/switchboard/config/acme/desk/prod/application/releases/10 0 ten");
    }

    private static String content(Entry entry) {
        return new String(entry.content(), US_ASCII);
    }

    @Test
    void aFileThatIsCutOffOrChangedAnywhereIsRefused() throws Exception {
        byte[] whole = written(entry(Address.of(Place.DRAFT, DESK, ""), 1, "draft"));

        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length));
        }
        assertRefused(Arrays.copyOf(whole, whole.length + 1));
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            assertRefused(changed);
        }
    }

    @Test
    void whatIsThereTwiceOrOutOfOrderIsRefused() throws Exception {
        Entry draft = entry(Address.of(Place.DRAFT, DESK, ""), 1, "draft");
        Entry current = entry(Address.of(Place.CURRENT, DESK, ""), 0, "current");

        assertThat(refusal(written(draft, draft))).contains("twice");
        assertThat(refusal(written(current, draft))).contains("wrong place");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "DRAFT, acme, desk, prod, .., ''",
                "DRAFT, acme, desk, prod, a/b, ''",
                "DRAFT, .., desk, prod, application, ''",
                "DRAFT, acme, desk, '', application, ''",
                "DRAFT, acme, desk, prod, '', ''",
                "DRAFT, acme, desk, prod, application, more",
                "RELEASE, acme, desk, prod, application, ..",
                "RELEASE, acme, desk, prod, application, 01",
                "RELEASE, acme, desk, prod, application, 0",
                "RULES, acme, desk, prod, application, ''",
                "FREEZES, acme, desk, '', '', prod",
                "FREEZES, acme, '', '', '', ../readers",
                "BUILD, acme, desk, '', '', ../../readers",
                "DUE, acme, desk, prod, '', 0000000000001~a/b",
                "READERS_RETIRING, acme, desk, '', '', 1/2",
                "MARKS, acme, desk, prod, '', ''"
            })
    void aNameThatIsNoneOfOursIsRefused(
            String place, String tenant, String application, String stage, String namespace, String name)
            throws Exception {
        assertThat(refusal(sealed(body -> {
                    for (String text : List.of(place, tenant, application, stage, namespace, name)) {
                        body.writeUTF(text);
                    }
                    body.writeInt(0);
                    body.writeInt(0);
                    body.writeUTF("");
                    body.writeLong(1);
                })))
                .contains("name that none of ours has");
    }

    @Test
    void lengthsThatPromiseMoreThanThereMayBeAreRefusedUnread() throws Exception {
        for (int length : new int[] {-1, Entry.LARGEST + 1, Integer.MAX_VALUE}) {
            assertThat(refusal(sealed(body -> {
                        for (String text : List.of("DRAFT", "acme", "desk", "prod", "application", "")) {
                            body.writeUTF(text);
                        }
                        body.writeInt(0);
                        body.writeInt(length);
                    })))
                    .contains("larger than any of ours");
        }
    }

    @Test
    void aFileThatUnpacksToMuchMoreThanAnyOfOursIsRefused() throws Exception {
        Entry[] releases = new Entry[60];
        for (int number = 1; number <= releases.length; number++) {
            releases[number - 1] =
                    new Entry(Address.of(Place.RELEASE, DESK, String.valueOf(number)), 0, new byte[Entry.LARGEST]);
        }

        assertThat(refusal(written(releases))).contains("packed more tightly");
    }

    @Test
    void anotherCountOrSomethingBehindTheEndIsRefused() throws Exception {
        assertThat(refusal(sealed(body -> {
                    body.writeUTF("");
                    body.writeLong(1);
                })))
                .contains("more or less");
        assertThat(refusal(sealed(body -> {
                    body.writeUTF("");
                    body.writeLong(0);
                    body.writeLong(0);
                })))
                .contains("more or less");
        assertThat(refusal(sealed(body -> body.writeUTF("")))).contains("ends in the middle");
    }

    private static Entry entry(Address address, int revision, String content) {
        return new Entry(address, revision, content.getBytes(US_ASCII));
    }

    private static byte[] written(Entry... entries) throws IOException {
        var out = new ByteArrayOutputStream();
        var writer = new BackupWriter(out);
        for (Entry entry : entries) {
            writer.write(entry);
        }
        writer.finish();
        return out.toByteArray();
    }

    @FunctionalInterface
    private interface Body {
        void write(DataOutputStream body) throws IOException;
    }

    /** With a hash that is right: somebody wrote this on purpose. */
    private static byte[] sealed(Body body) throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes(BackupWriter.TITLE.getBytes(US_ASCII));
        try (var packed = new DataOutputStream(new GZIPOutputStream(out))) {
            body.write(packed);
        }
        out.writeBytes(Sha256.begin().digest(out.toByteArray()));
        return out.toByteArray();
    }

    private void assertRefused(byte[] file) throws Exception {
        assertThat(refusal(file)).isNotEmpty();
    }

    private String refusal(byte[] file) {
        var thrown = assertThatExceptionOfType(Problem.class).isThrownBy(() -> read(file));
        thrown.satisfies(problem -> assertThat(problem.code()).isEqualTo(BackupProblem.NO_BACKUP));
        return thrown.actual().detail();
    }

    private List<Entry> read(byte[] bytes) throws Exception {
        Path file = Files.write(directory.resolve("backup"), bytes);
        List<Entry> entries = new ArrayList<>();
        BackupFile.of(file).forEach(entries::add);
        return entries;
    }
}
