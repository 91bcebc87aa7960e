package io.switchboard.configprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SealingTests {

    private static final NamespacePath DESK = new NamespacePath("acme", "desk", "prod", "application");
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private static final SealingKey EARLIER_ACCESS_KEY =
            SealingKey.parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    private static final SealingKey EARLIER_DATA_KEY = SealingKey.parse("ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8");
    private static final String EARLIER =
            "5342524c010000001a61636d652f6465736b2f70726f642f6170706c69636174696f6e00000000000000010000000361"
                    + "6e6e00000000000001a20846fe000000008b534249540100000010000000100000000475736572000000046465736b00"
                    + "0000010000000870617373776f726472dbb7336c76780000000023da8c3b79c37d795c5cdd5b0c055e8058d0ab3a6caf"
                    + "1eb712f25d7e27f7cc34925b963700000003616e6e000001a20846fe00bf6d430d5b4b7a9a7b2fb60bd73975bcfabdd1"
                    + "cf263988aa8201296a5007a19b0000000000000000630dcd2966c433660000003c9011e52174157b7a6cd5cfa0a22f4e"
                    + "4046a91af53d3df917f87658f56c9332ed20514163ac1fd3f4422ccf44fd585c4cc463a122d3394cc889ee5106dbcb7a"
                    + "507d5563d44e36dc326cfdd7155842add38861710c824a07659b232db5";

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
    void aValueOpensWhereItIsSealedForWhereverItsOwnKeyIs() throws Exception {
        Secret password = secret("password", "hunter2");
        SealingKey own = dataKey.openKey("item key\n" + DESK + "\npassword", own(password));
        var moved = new Secret(dataKey.sealKey("item key\n" + DESK + "\ngreeting", own), password.value(), "ann", NOON);

        assertThatExceptionOfType(CannotOpen.class).isThrownBy(() -> moved.open(dataKey, DESK, "greeting"));
        assertThat(own.open("item\n" + DESK + "\npassword", password.value()))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("hunter2");
    }

    private static Sealed own(Secret secret) {
        return Objects.requireNonNull(secret.ownKey());
    }

    @Test
    void anotherDataKeySealsTheKeyOfAValueAndLeavesTheValueAsItIs() throws Exception {
        Secret before = secret("password", "hunter2");
        SealingKey newer = SealingKey.random();

        Secret after = before.reseal(dataKey, newer, DESK, "password");

        assertThat(after.open(newer, DESK, "password")).isEqualTo("hunter2");
        assertThat(after.value()).isEqualTo(before.value());
        assertThat(after.dataKeyId()).isEqualTo(newer.id()).isNotEqualTo(before.dataKeyId());
        assertThat(after.isSetWith(before)).isTrue();
        assertThat(written(after)).hasSameSizeAs(written(before));
        assertThatExceptionOfType(CannotOpen.class).isThrownBy(() -> after.open(dataKey, DESK, "password"));
        assertThatExceptionOfType(CannotOpen.class)
                .isThrownBy(() -> before.reseal(newer, SealingKey.random(), DESK, "password"));
    }

    @Test
    void eachValueHasAKeyOfItsOwn() {
        Secret one = secret("password", "hunter2");
        Secret other = secret("password", "hunter2");

        assertThat(one.dataKeyId()).isEqualTo(other.dataKeyId()).isEqualTo(dataKey.id());
        assertThat(one.value().keyId()).isNotEqualTo(other.value().keyId()).isNotEqualTo(dataKey.id());
    }

    @Test
    void whetherItIsTheValueIsFoundAtItsPlaceOnly() throws Exception {
        Secret password = secret("password", "hünter2");

        assertThat(password.holds(dataKey, DESK, "password", "hünter2")).isTrue();
        for (String other : List.of("hünter3", "hünter", "hünter22", "")) {
            assertThat(password.holds(dataKey, DESK, "password", other)).isFalse();
        }
        for (Executable elsewhere : List.<Executable>of(
                () -> password.holds(SealingKey.random(), DESK, "password", "hünter2"),
                () -> password.holds(dataKey, DESK, "greeting", "hünter2"),
                () -> password.holds(dataKey, DESK.sibling("other"), "password", "hünter2"))) {
            assertThatExceptionOfType(CannotOpen.class).isThrownBy(elsewhere::execute);
        }
    }

    @Test
    void aKeySealsWhatItSealedInThatContextOnly() {
        byte[] plain = "hunter2".getBytes(StandardCharsets.UTF_8);
        Sealed sealed = accessKey.seal("here", plain);
        byte[] altered = sealed.content();
        altered[altered.length - 1] ^= 1;

        assertThat(accessKey.seals("here", plain, sealed)).isTrue();
        assertThat(accessKey.seals("there", plain, sealed)).isFalse();
        assertThat(accessKey.seals("here", new byte[7], sealed)).isFalse();
        assertThat(SealingKey.random().seals("here", plain, sealed)).isFalse();
        assertThat(accessKey.seals("here", plain, new Sealed(sealed.keyId(), altered)))
                .isFalse();
        assertThat(accessKey.seals("here", plain, new Sealed(sealed.keyId(), new byte[5])))
                .isFalse();
    }

    /** As ADR 28 has it. */
    @Test
    void anEncryptedItemTakes136BytesBesidesValueAndAuthor() {
        assertThat(written(secret("password", "hunter2"))).hasSize(136 + "hunter2".length() + "ann".length());
    }

    private static byte[] written(Secret secret) {
        return Frame.bytes(secret::write);
    }

    @Test
    void anEncryptedItemWithMoreInItThanIsReadIsRefused() {
        Secret password = secret("password", "hunter2");
        byte[] longer = Frame.bytes(out -> {
            new Sealed("0000000000000000", Frame.bytes(both -> {
                        own(password).write(both);
                        password.value().write(both);
                        both.writeByte(1);
                    }))
                    .write(out);
            Frame.writeText(out, "ann");
            out.writeLong(0);
        });

        assertThatExceptionOfType(DamagedContent.class).isThrownBy(() -> Secret.read(ByteBuffer.wrap(longer)));
    }

    /** Written before values had keys of their own. */
    @Test
    void whatAnEarlierBuildSealedOpensAndIsWrittenAsItWas() throws Exception {
        Release release = Release.decode(HexFormat.of().parseHex(EARLIER));
        Secret password = Objects.requireNonNull(release.items().secrets().get("password"));

        assertThat(release.open(Optional.of(EARLIER_ACCESS_KEY)))
                .containsExactly(Map.entry("password", "hunter2"), Map.entry("user", "desk"));
        assertThat(release.encode()).isEqualTo(HexFormat.of().parseHex(EARLIER));
        assertThat(release.pointer().hash())
                .isEqualTo(new Items(release.items().values(), release.items().secrets()).hash())
                .isEqualTo("a2281df87096e101fbc8b93d9b3e233d407bc036fa6f249dca14f1c13fde5447");
        assertThat(password.dataKeyId()).isEqualTo(EARLIER_DATA_KEY.id());
        assertThat(password.holds(EARLIER_DATA_KEY, DESK, "password", "hunter2"))
                .isTrue();
        assertThat(password.holds(EARLIER_DATA_KEY, DESK, "password", "hunter3"))
                .isFalse();
    }

    @Test
    void theDataKeyOfAnEarlierBuildBecomesTheValuesOwnKey() throws Exception {
        Release earlier = Release.decode(HexFormat.of().parseHex(EARLIER));
        Secret before = Objects.requireNonNull(earlier.items().secrets().get("password"));

        Secret after = before.reseal(EARLIER_DATA_KEY, dataKey, DESK, "password");

        assertThat(after.value()).isEqualTo(before.value());
        assertThat(after.dataKeyId()).isEqualTo(dataKey.id());
        assertThat(after.holds(dataKey, DESK, "password", "hunter2")).isTrue();
        assertThat(Release.decode(release(Map.of(), Map.of("password", after), dataKeys())
                                .encode())
                        .open(Optional.of(accessKey)))
                .containsExactly(Map.entry("password", "hunter2"));
    }

    @Test
    void anEarlierBuildRefusesAValueWithAKeyOfItsOwn() throws Exception {
        Secret password = secret("password", "hunter2");
        ByteBuffer in = ByteBuffer.wrap(written(password));
        var asItReads = new Secret(null, Sealed.read(in), Frame.readText(in), Instant.ofEpochMilli(in.getLong()));
        Release read = release(Map.of(), Map.of("password", asItReads), dataKeys());

        assertThat(in.hasRemaining()).isFalse();
        assertThat(read.pointer())
                .isEqualTo(release(Map.of(), Map.of("password", password), dataKeys())
                        .pointer());
        assertThatExceptionOfType(CannotOpen.class)
                .isThrownBy(() -> read.open(Optional.of(accessKey)))
                .withMessageContaining("password");
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
