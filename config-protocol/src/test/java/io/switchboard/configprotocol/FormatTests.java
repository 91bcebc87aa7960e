package io.switchboard.configprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.switchboard.configprotocol.ClientReport.Trials;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FormatTests {

    private static final NamespacePath DESK = new NamespacePath("acme", "desk", "prod", "application");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");

    private static Release release(Map<String, String> items) {
        return new Release(DESK, 12, "ann", "shorter queues", NOON, Items.of(items), OptionalLong.empty());
    }

    @Test
    void aReleaseIsReadBackAsItWas() throws DamagedContent {
        Release release = release(Map.of("routing.max-wait", "30s", "greeting", "Grüß Gott 👋\n", "empty", ""));

        assertThat(Release.decode(release.encode())).isEqualTo(release);
        assertThat(Release.decode(release(Map.of()).encode())).isEqualTo(release(Map.of()));
    }

    @Test
    void anyItemsAreReadBackAsTheyWere() throws DamagedContent {
        var random = new Random(7);
        for (int round = 0; round < 200; round++) {
            var items = new TreeMap<String, String>();
            for (int i = random.nextInt(20); i > 0; i--) {
                items.put(text(random, 30), text(random, 300));
            }
            assertThat(Items.decode(Items.of(items).encode()).values()).isEqualTo(items);
        }
    }

    private static String text(Random random, int longest) {
        return random.ints(random.nextInt(longest), 0, 0x10FFFF)
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void anyFlippedBitIsNoticed() {
        byte[] encoded = release(Map.of("a", "1", "b", "2")).encode();

        for (int bit = 0; bit < encoded.length * 8; bit++) {
            byte[] damaged = encoded.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatExceptionOfType(DamagedContent.class).as("bit %s", bit).isThrownBy(() -> Release.decode(damaged));
        }
    }

    @Test
    void anyCutIsNoticed() {
        byte[] encoded = release(Map.of("a", "1", "b", "2")).encode();

        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThatExceptionOfType(DamagedContent.class).isThrownBy(() -> Release.decode(cut));
        }
        byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
        assertThatExceptionOfType(DamagedContent.class).isThrownBy(() -> Release.decode(longer));
    }

    @Test
    void noiseIsRefusedWithoutAnyOtherError() {
        var random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            // Sealed noise: gets past the hash, so that the readers behind it are tried too.
            byte[] sealed = Frame.write("SBRL", 1, out -> out.write(noise));
            assertThatExceptionOfType(DamagedContent.class).isThrownBy(() -> Release.decode(noise));
            assertThatExceptionOfType(DamagedContent.class).isThrownBy(() -> Release.decode(sealed));
            byte[] report = Frame.write("SBCL", 1, out -> out.write(noise));
            assertThatExceptionOfType(DamagedContent.class).isThrownBy(() -> ClientReport.decode(report));
        }
    }

    @Test
    void whatUnpacksToMoreThanItPromisesIsRefused() {
        byte[] bomb = Items.of(Map.of("a", "x".repeat(100_000))).encode();
        byte[] smaller = Frame.write("SBIT", 1, out -> {
            out.writeInt(10);
            out.write(bomb, 9, bomb.length - 9 - 32);
        });

        assertThatExceptionOfType(DamagedContent.class)
                .isThrownBy(() -> Items.decode(smaller))
                .withMessageContaining("10 bytes");
    }

    @Test
    void aNewerFormatIsNamed() {
        byte[] newer = Frame.write("SBRL", 3, out -> out.writeInt(1));

        assertThatExceptionOfType(DamagedContent.class)
                .isThrownBy(() -> Release.decode(newer))
                .withMessageContaining("format 3");
    }

    @Test
    void theHashTellsContentsApartAndNothingElse() {
        assertThat(Items.of(Map.of("a", "1", "b", "2")).hash())
                .isEqualTo(Items.of(new TreeMap<>(Map.of("b", "2", "a", "1"))).hash())
                .hasSize(64);
        assertThat(Items.of(Map.of("a", "12")).hash())
                .isNotEqualTo(Items.of(Map.of("a1", "2")).hash());
    }

    @Test
    void whatIsReadHasTheHashOfWhatWasWritten() throws DamagedContent {
        var plain = new TreeMap<>(Map.of("greeting", "Grüß Gott 👋\n", "large", "x".repeat(100_000)));
        var secrets = new TreeMap<>(
                Map.of("password", Secret.seal(SealingKey.random(), DESK, "password", "hunter2", "ann", NOON)));
        for (Items items : List.of(Items.NONE, Items.of(plain), new Items(plain, secrets))) {
            Items read = Items.decode(items.encode());

            assertThat(read.hash()).isEqualTo(items.hash()).isEqualTo(new Items(read.values(), read.secrets()).hash());
        }
    }

    @Test
    void bytesThatAreNoUtf8AreRefusedButNotTheCharacterThatStandsForThem() throws DamagedContent {
        Items replaced = Items.of(Map.of("a", "\uFFFD"));
        byte[] malformed = Frame.write("SBIT", 1, out -> {
            out.writeInt(10);
            out.writeInt(10);
            Frame.writeText(out, "a");
            Frame.writeBytes(out, new byte[] {(byte) 0xff});
        });

        assertThat(Items.decode(replaced.encode())).isEqualTo(replaced);
        assertThatExceptionOfType(DamagedContent.class)
                .isThrownBy(() -> Items.decode(malformed))
                .withMessageContaining("not UTF-8");
    }

    @Test
    void changedKeysAreThoseAddedRemovedOrAltered() {
        Items before = Items.of(Map.of("same", "1", "altered", "1", "removed", "1"));
        Items after = Items.of(Map.of("same", "1", "altered", "2", "added", "1"));

        assertThat(after.changedSince(before)).containsExactly("added", "altered", "removed");
        assertThat(after.changedSince(after)).isEmpty();
    }

    @Test
    void valuesDoNotShow() {
        Release release = release(Map.of("password", "hunter2"));

        assertThat(release.toString()).contains("password").doesNotContain("hunter2");
    }

    @Test
    void textThatIsNotWellFormedIsRefused() {
        Items lone = Items.of(Map.of("a", "\ud800"));

        assertThatIllegalArgumentException().isThrownBy(lone::encode);
    }

    @Test
    void oneTextUnderMoreKeysThanFitIsRefusedBeforeItIsWrittenOut() {
        String text = "x".repeat(100_000);
        var values = new TreeMap<String, String>();
        IntStream.range(0, 50_000).forEach(number -> values.put("key." + number, text));

        assertThatIllegalArgumentException().isThrownBy(Items.of(values)::encode);
    }

    @Test
    void allOfWhatFitsIsWritten() {
        int taken = 2 * Integer.BYTES + 1;
        Items largest = Items.of(Map.of("k", "ü".repeat((Items.LARGEST_PLAIN - taken) / 2)));
        Items larger = Items.of(Map.of("k", "ü".repeat((Items.LARGEST_PLAIN - taken) / 2 + 1)));

        assertThat(largest.isTooLarge()).isFalse();
        assertThat(larger.isTooLarge()).isTrue();
        assertThat(largest.encode()).isNotEmpty();
    }

    @Test
    void aPointerIsReadBackAsItWas() throws DamagedContent {
        Pointer pointer = release(Map.of("a", "1")).pointer();

        assertThat(Pointer.decode(pointer.encode())).isEqualTo(pointer);
        assertThat(Pointer.decode(Pointer.NOTHING.encode())).isEqualTo(Pointer.NOTHING);
        assertThatExceptionOfType(DamagedContent.class).isThrownBy(() -> Pointer.decode(new byte[0]));
    }

    @Test
    void aSmallReleaseStandsBesideItsPointer() throws DamagedContent {
        Release release = release(Map.of("a", "1"));

        assertThat(Current.decode(Current.encode(release), DESK))
                .isEqualTo(new Current(release.pointer(), Optional.of(release)));
    }

    @Test
    void ofALargeReleaseOnlyThePointerStandsThere() throws DamagedContent {
        Release release = release(Map.of("a", incompressible(Current.LARGEST_INLINE)));

        assertThat(Current.encode(release)).isEqualTo(release.pointer().encode());
        assertThat(Current.decode(Current.encode(release), DESK))
                .isEqualTo(new Current(release.pointer(), Optional.empty()));
        assertThat(Current.decode(Pointer.NOTHING.encode(), DESK))
                .isEqualTo(new Current(Pointer.NOTHING, Optional.empty()));
    }

    @Test
    void anyFlippedBitBesideThePointerIsNoticed() {
        byte[] encoded = Current.encode(release(Map.of("a", "1", "b", "2")));

        for (int bit = 0; bit < encoded.length * 8; bit++) {
            byte[] damaged = encoded.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatExceptionOfType(DamagedContent.class)
                    .as("bit %s", bit)
                    .isThrownBy(() -> Current.decode(damaged, DESK));
        }
    }

    @Test
    void onlyWhatGetsSmallerIsCompressed() throws DamagedContent {
        Items small = Items.of(Map.of("a", "x".repeat(1_000)));
        Items large = Items.of(Map.of("a", "x".repeat(100_000)));
        Items random = Items.of(Map.of("a", incompressible(50_000)));

        assertThat(small.encode()).hasSizeGreaterThan(1_000);
        assertThat(large.encode()).hasSizeLessThan(1_000);
        assertThat(random.encode()).hasSizeLessThan(80_000);
        for (Items items : List.of(small, large, random)) {
            assertThat(Items.decode(items.encode())).isEqualTo(items);
        }
    }

    @Test
    void aForeignReleaseBesideThePointerIsRefused() {
        byte[] encoded = Current.encode(release(Map.of("a", "1")));

        assertThatExceptionOfType(DamagedContent.class)
                .isThrownBy(() -> Current.decode(encoded, new NamespacePath("globex", "desk", "prod", "application")));
    }

    @Test
    void aRollbackSaysWhatItRestores() throws DamagedContent {
        Release plain = release(Map.of("a", "1"));
        var rollback = new Release(
                plain.path(), 13, "ann", "back", plain.at(), plain.items(), OptionalLong.of(plain.number()));

        assertThat(Release.decode(rollback.encode())).isEqualTo(rollback);
        assertThat(Release.decode(plain.encode()).restores()).isEmpty();
    }

    private static String incompressible(int bytes) {
        byte[] random = new byte[bytes];
        new Random(7).nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    @Test
    void aReportIsReadBackAsItWas() throws DamagedContent {
        var well = new ClientReport("node1:4711", 3, NOON, Optional.empty());
        var ill = new ClientReport("node1:4711", 3, NOON, Optional.of("routing.max-wait is no duration"));

        var onTrial = new ClientReport(
                "node1:4711",
                3,
                NOON,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Trials(
                        new TreeMap<>(Map.of("zone", "eu", "tier", "")),
                        OptionalLong.of(4),
                        ClientReport.Health.DOWN)));

        assertThat(ClientReport.decode(onTrial.encode())).isEqualTo(onTrial);
        assertThat(ClientReport.decode(well.encode())).isEqualTo(well);
        assertThat(ClientReport.decode(ill.encode())).isEqualTo(ill);
    }

    @Test
    void aReportOfABuildIsReadBackAndOneWithoutIsAsItAlwaysWas() throws DamagedContent {
        var built = new ClientReport("node1:4711", 3, NOON, Optional.empty(), Optional.of("1.2~0011aabb"));

        assertThat(ClientReport.decode(built.encode())).isEqualTo(built);
        assertThat(HexFormat.of().formatHex(new ClientReport("a", 3, Instant.EPOCH, Optional.empty()).encode()))
                .startsWith("5342434c01" + "0000000161" + "0000000000000003" + "0000000000000000" + "00" + "00000000")
                .hasSize(2 * (5 + 5 + 8 + 8 + 1 + 4 + 32));
    }

    @Test
    void metadataIsReadBackAsItWas() throws DamagedContent {
        var spring = new SpringMetadata();
        spring.add(Map.of(
                "groups", List.of(Map.of("name", "calls"), "no group", Map.of()),
                "properties",
                        List.of(
                                Map.of(
                                        "name", "calls.codes",
                                        "type", "java.util.List<java.lang.Integer>",
                                        "description", "Busy ones.",
                                        "defaultValue", List.of(486, 600)),
                                Map.of(
                                        "name", "calls.patience",
                                        "type", "java.time.Duration",
                                        "deprecation",
                                                Map.of(
                                                        "level",
                                                        "error",
                                                        "replacement",
                                                        "calls.max-wait",
                                                        "reason",
                                                        "x")),
                                Map.of("name", "calls.old", "deprecated", true),
                                Map.of("type", "nameless"))));
        spring.add(Map.of("properties", List.of(Map.of("name", "calls.codes", "type", "said.Later"))));
        spring.properties()
                .computeIfPresent(
                        "calls.codes",
                        (name, known) -> known.with(List.of(new Constraint(Constraint.Kind.MAX, "700"))));
        ApplicationMetadata metadata = spring.toMetadata("1.2", List.of("HOME"));

        assertThat(ApplicationMetadata.decode(metadata.encode())).isEqualTo(metadata);
        assertThat(metadata.groups()).containsExactly("calls");
        assertThat(metadata.properties())
                .extracting(KnownProperty::name)
                .containsExactly("calls.codes", "calls.old", "calls.patience");
        KnownProperty codes = metadata.properties().get(0);
        assertThat(codes.type()).isEqualTo("java.util.List<java.lang.Integer>");
        assertThat(codes.defaultValue()).contains("486,600");
        assertThat(codes.constraints()).hasSize(1);
        assertThat(metadata.properties().get(1).deprecation()).contains(new KnownProperty.Deprecation("", "", false));
        assertThat(metadata.properties().get(2).deprecation())
                .contains(new KnownProperty.Deprecation("x", "calls.max-wait", true));
    }

    @Test
    void aReleaseHasItsOwnValuesBeforeThoseItInheritsTheNearestFirst() throws Exception {
        NamespacePath path = release(Map.of()).path();
        var near = new NamespacePath("acme", "common", "prod", "telephony");
        var far = new NamespacePath("acme", "common", "prod", "application");
        SealingKey access = SealingKey.random();
        SealingKey data = SealingKey.random();
        var secrets = new TreeMap<>(Map.of("b", Secret.seal(data, near, "b", "hunter2", "ann", NOON)));
        var inheriting = new Release(
                path,
                12,
                "ann",
                "",
                NOON,
                Items.of(Map.of("a", "own", "switchboard.inherits", "common/telephony")),
                OptionalLong.empty(),
                List.of(),
                List.of(
                        new Inherited(
                                near,
                                3,
                                new Items(new TreeMap<>(Map.of("a", "near", "switchboard.shared", "*")), secrets),
                                List.of(access.sealKey(Release.dataKeyContext(near), data))),
                        new Inherited(far, 4, Items.of(Map.of("b", "far", "c", "far")), List.of())));

        Release read = Release.decode(inheriting.encode(), path, inheriting.pointer());

        assertThat(read).isEqualTo(inheriting);
        assertThat(read.open(Optional.of(access)))
                .isEqualTo(new TreeMap<>(Map.of("a", "own", "b", "hunter2", "c", "far")));
        assertThat(read.origin("b")).contains(new Release.Origin(near, 3));
        assertThat(read.origin("x")).isEmpty();
        assertThat(inheriting.pointer())
                .isNotEqualTo(
                        new Release(path, 12, "ann", "", NOON, inheriting.items(), OptionalLong.empty()).pointer());
    }

    @Test
    void aCanaryIsReadBackAsItWasWhoeverItIsFor() throws DamagedContent {
        Release small = release(Map.of("a", "1"));
        Release large = release(Map.of("a", incompressible(Current.LARGEST_INLINE)));
        for (Choice choice : List.of(
                new Choice.Instances(new TreeSet<>(Set.of("task-1", "task-2"))),
                new Choice.Label("zone", "eu"),
                new Choice.Percent(5))) {
            Canary canary = Canary.of("night", choice, small);

            assertThat(Canary.decode(canary.encode(), small.path())).isEqualTo(canary);
            assertThat(canary.release()).contains(small);
            assertThat(Canary.decode(Canary.of("night", choice, large).encode(), large.path())
                            .release())
                    .isEmpty();
        }
        byte[] other = Canary.of("night", new Choice.Percent(5), small).encode();
        assertThatExceptionOfType(DamagedContent.class)
                .isThrownBy(() -> Canary.decode(other, small.path().sibling("other")));
    }

    /** Written by the first version; clients in the field read and write it. */
    @Test
    void theFirstFormatStaysReadable() throws DamagedContent {
        byte[] stored = HexFormat.of().parseHex(STORED);

        assertThat(Release.decode(stored)).isEqualTo(release(Map.of("a", "1")));
    }

    private static final String STORED =
            "5342524c010000001a61636d652f6465736b2f70726f642f6170706c69636174696f6e000000000000000c0000000361"
                    + "6e6e0000000e73686f72746572207175657565730000019ca9450a7b0000004953424954010000000a0000001c1f8b08"
                    + "000000000000ff636060604c6400128600468e90ce0a00000045d4db87785727a23298f106c91660e54dc5076b8ef4f8"
                    + "f2626f7a8a98e3331405cae203ee2522c4eefb05ab62c397bfd3a3fc3008a1c0d6cbf5b5c95956d95f";
}
