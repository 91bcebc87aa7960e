package io.switchboard.configprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SealingTests {

    private static final NamespacePath DESK = new NamespacePath("acme", "desk", "prod", "application");
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final SealingKey accessKey = SealingKey.random();
    private final SealingKey dataKey = SealingKey.random();

    private Secret secret(String key, String value) {
        return Secret.seal(dataKey, DESK, key, value, "ann", NOON);
    }

    private Release release(Map<String, String> plain, Map<String, Secret> secrets, List<Sealed> dataKeys) {
        return new Release(
                DESK,
                1,
                "ann",
                "",
                NOON,
                new Items(new TreeMap<>(plain), new TreeMap<>(secrets)),
                OptionalLong.empty(),
                dataKeys);
    }

    private List<Sealed> dataKeys() {
        return List.of(accessKey.sealKey(Release.dataKeyContext(DESK), dataKey));
    }

    @Test
    void whatWasWrittenIsReadBackAndOpens() throws Exception {
        Release release =
                release(Map.of("user", "desk"), Map.of("password", secret("password", "hünter2")), dataKeys());

        Release read = Release.decode(release.encode());

        assertThat(read).isEqualTo(release).hasSameHashCodeAs(release);
        assertThat(read.open(Optional.of(accessKey)))
                .containsExactly(Map.entry("password", "hünter2"), Map.entry("user", "desk"));
        assertThat(read.items().secrets().values()).extracting(Secret::setBy).containsExactly("ann");
        assertThat(new String(release.encode(), StandardCharsets.UTF_8)).doesNotContain("hünter2");
        assertThat(release.toString() + release.items() + accessKey + dataKeys())
                .doesNotContain("hünter2")
                .doesNotContain(accessKey.encoded());
    }

    @Test
    void aRollbackWithEncryptedItemsIsReadBackToo() throws Exception {
        var rollback = new Release(
                DESK,
                3,
                "ann",
                "",
                NOON,
                new Items(new TreeMap<>(), new TreeMap<>(Map.of("password", secret("password", "x")))),
                OptionalLong.of(1),
                dataKeys());

        assertThat(Release.decode(rollback.encode())).isEqualTo(rollback);
    }

    @Test
    void withoutEncryptedItemsNothingIsNeededToOpen() throws Exception {
        assertThat(release(Map.of("user", "desk"), Map.of(), List.of()).open(Optional.empty()))
                .containsExactly(Map.entry("user", "desk"));
    }

    @Test
    void anotherKeyOrNoneOpensNothing() {
        Release release = release(Map.of(), Map.of("password", secret("password", "hunter2")), dataKeys());

        assertThatExceptionOfType(CannotOpen.class)
                .isThrownBy(() -> release.open(Optional.empty()))
                .withMessageContaining("no key");
        assertThatExceptionOfType(CannotOpen.class)
                .isThrownBy(() -> release.open(Optional.of(SealingKey.random())))
                .withMessageContaining("password");
        assertThatExceptionOfType(CannotOpen.class)
                .isThrownBy(() -> SealingKey.random().open("here", accessKey.seal("here", new byte[] {1})));
    }

    @Test
    void aSealedValueOpensAtItsOwnKeyAndInItsOwnNamespaceOnly() {
        Secret password = secret("password", "hunter2");

        assertThatExceptionOfType(CannotOpen.class).isThrownBy(() -> password.open(dataKey, DESK, "greeting"));
        assertThatExceptionOfType(CannotOpen.class)
                .isThrownBy(() -> password.open(dataKey, DESK.sibling("other"), "password"));
        assertThatExceptionOfType(CannotOpen.class)
                .isThrownBy(() -> release(Map.of(), Map.of("greeting", password), dataKeys())
                        .open(Optional.of(accessKey)))
                .withMessageContaining("greeting");
    }

    @Test
    void oneAlteredBitIsNoticed() {
        Sealed sealed = accessKey.seal("here", "hunter2".getBytes(StandardCharsets.UTF_8));
        for (int at = 0; at < sealed.content().length; at++) {
            byte[] altered = sealed.content();
            altered[at] ^= 1;
            var other = new Sealed(sealed.keyId(), altered);
            assertThatExceptionOfType(CannotOpen.class).isThrownBy(() -> accessKey.open("here", other));
        }
        assertThatExceptionOfType(CannotOpen.class)
                .isThrownBy(() -> accessKey.open("here", new Sealed(accessKey.id(), new byte[5])));
    }

    @Test
    void theHashTellsEncryptedItemsApart() {
        Items plain = Items.of(Map.of("a", "1"));
        var one = new Items(plain.values(), new TreeMap<>(Map.of("password", secret("password", "x"))));
        var other = new Items(plain.values(), new TreeMap<>(Map.of("password", secret("password", "x"))));

        assertThat(one.hash()).isEqualTo(one.hash()).isNotEqualTo(other.hash()).isNotEqualTo(plain.hash());
        assertThat(one.changedSince(plain)).containsExactly("password");
        assertThat(plain.changedSince(one)).containsExactly("password");
    }

    @Test
    void anEncryptedItemIsChangedByWhoSetsItAndNotByAnotherSeal() {
        var before = new Items(new TreeMap<>(), new TreeMap<>(Map.of("password", secret("password", "x"))));
        var resealed = new Items(new TreeMap<>(), new TreeMap<>(Map.of("password", secret("password", "x"))));
        Secret byBob = Secret.seal(dataKey, DESK, "password", "y", "bob", NOON);
        Secret later = Secret.seal(dataKey, DESK, "password", "y", "ann", NOON.plusMillis(1));

        assertThat(resealed).isNotEqualTo(before);
        assertThat(resealed.changedSince(before)).isEmpty();
        for (Secret other : new Secret[] {byBob, later}) {
            assertThat(new Items(new TreeMap<>(), new TreeMap<>(Map.of("password", other))).changedSince(before))
                    .containsExactly("password");
        }
    }

    @Test
    void aKeyIsPlainOrEncrypted() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Items(
                        new TreeMap<>(Map.of("password", "x")),
                        new TreeMap<>(Map.of("password", secret("password", "x")))));
    }

    @Test
    void keysAreReadBackAndNeverShown() {
        assertThat(SealingKey.parse(accessKey.encoded())).isEqualTo(accessKey).hasSameHashCodeAs(accessKey);
        assertThat(SealingKey.parse(java.util.Base64.getEncoder()
                                .encodeToString(java.util.Base64.getUrlDecoder().decode(accessKey.encoded()))
                        + "\n"))
                .isEqualTo(accessKey);
        assertThat(accessKey.encoded()).hasSize(43);
        assertThat(accessKey.id()).hasSize(16);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SealingKey.parse("hunter2!"))
                .withMessageNotContaining("hunter2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SealingKey.parse("aHVudGVyMg"))
                .withMessageContaining("32 bytes");
    }
}
