package io.switchboard.configprotocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What all our formats share: four letters that name the kind, one byte for the version of the format, the body, and
 * the SHA-256 of everything before it. Texts are UTF-8 behind their length in four bytes.
 */
final class Frame {

    private static final int SEAL = 32;
    private static final int HEADER = 5;

    /** Never used itself. */
    private static final MessageDigest SHA_256 = newSha256();

    /** Less than that is not compressed: unpacking would cost each client more than the bytes do. */
    private static final int SMALLEST_COMPRESSED = 4 * 1024;

    private Frame() {}

    @FunctionalInterface
    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    @FunctionalInterface
    interface Reader<T> {
        T read(DataInputStream in) throws IOException, DamagedContent;
    }

    static byte[] write(String kind, int version, Writer body) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.write(kind.getBytes(StandardCharsets.US_ASCII));
            out.writeByte(version);
            body.write(out);
            out.flush();
            out.write(sha256(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Of the format, without a look at the rest; 0 if it is cut off before. */
    static int version(byte[] framed) {
        return framed.length < HEADER ? 0 : framed[HEADER - 1];
    }

    static <T> T read(String kind, int version, byte[] framed, Reader<T> body) throws DamagedContent {
        if (framed.length < HEADER + SEAL) {
            throw new DamagedContent(kind + " is cut off after " + framed.length + " bytes");
        }
        byte[] content = Arrays.copyOf(framed, framed.length - SEAL);
        byte[] seal = Arrays.copyOfRange(framed, framed.length - SEAL, framed.length);
        if (!kind.equals(new String(content, 0, 4, StandardCharsets.US_ASCII))) {
            throw new DamagedContent("not of the kind " + kind);
        }
        if (content[4] != version) {
            throw new DamagedContent(kind + " has format " + content[4] + " but this client reads " + version);
        }
        if (!Arrays.equals(sha256(content), seal)) {
            throw new DamagedContent(kind + " does not match its hash");
        }
        try (var in = new DataInputStream(new ByteArrayInputStream(content, HEADER, content.length - HEADER))) {
            T value = body.read(in);
            if (in.available() > 0) {
                throw new DamagedContent(kind + " has " + in.available() + " bytes too many");
            }
            return value;
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            // The message of these may repeat content.
            throw new DamagedContent(kind + " can't be read: " + e.getClass().getSimpleName());
        }
    }

    static void writeText(DataOutputStream out, String text) throws IOException {
        // A lone surrogate would silently become '?': refuse it instead.
        ByteBuffer bytes = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .encode(CharBuffer.wrap(text));
        out.writeInt(bytes.remaining());
        out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    static String readText(DataInputStream in) throws IOException, DamagedContent {
        return utf8(readBytes(in));
    }

    static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] readBytes(DataInputStream in) throws IOException, DamagedContent {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new DamagedContent("a length of " + length + " bytes where " + in.available() + " are left");
        }
        return in.readNBytes(length);
    }

    /**
     * What that writes.
     *
     * @throws IllegalArgumentException if a text is not well-formed
     */
    static byte[] bytes(Writer content) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            content.write(out);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a key or value is no well-formed text");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Compressed if that pays. */
    static void writePacked(DataOutputStream out, byte[] plain) throws IOException {
        out.writeInt(plain.length);
        writeBytes(out, packed(plain));
    }

    static byte[] readPacked(DataInputStream in, int most) throws IOException, DamagedContent {
        int length = in.readInt();
        if (length < 0 || length > most) {
            throw new DamagedContent("a content of " + length + " bytes");
        }
        byte[] packed = readBytes(in);
        return packed.length == length ? packed : gunzip(packed, length);
    }

    /** As many bytes as before mean that they are the same. */
    private static byte[] packed(byte[] plain) throws IOException {
        if (plain.length < SMALLEST_COMPRESSED) {
            return plain;
        }
        byte[] compressed = gzip(plain);
        return compressed.length < plain.length ? compressed : plain;
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] gunzip(byte[] compressed, int length) throws IOException, DamagedContent {
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            byte[] plain = gzip.readNBytes(length);
            if (plain.length != length || gzip.read() != -1) {
                throw new DamagedContent("a text does not unpack to the " + length + " bytes it promises");
            }
            return plain;
        }
    }

    static byte[] sha256(byte[] bytes) {
        try {
            // To look an algorithm up takes as long as to hash a kilobyte.
            return ((MessageDigest) SHA_256.clone()).digest(bytes);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The SHA-256 of every Java platform can be cloned", e);
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static String utf8(byte[] bytes) throws DamagedContent {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new DamagedContent("a text is not UTF-8");
        }
    }
}
