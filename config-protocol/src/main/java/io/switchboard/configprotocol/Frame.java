package io.switchboard.configprotocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What all our formats share: four letters that name the kind, one byte for the version of the format, the body, and
 * the SHA-256 of everything before it. Texts are UTF-8 behind their length in four bytes.
 */
final class Frame {

    private static final int SEAL = 32;
    private static final int HEADER = 5;
    private static final char REPLACEMENT = '\uFFFD';

    /** Never used itself. */
    private static final MessageDigest SHA_256 = Sha256.begin();

    /** Less than that is not compressed: unpacking would cost each client more than the bytes do. */
    private static final int SMALLEST_COMPRESSED = 4 * 1024;

    private Frame() {}

    @FunctionalInterface
    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    @FunctionalInterface
    interface Reader<T> {
        T read(ByteBuffer in) throws DamagedContent;
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
    static int version(ByteBuffer framed) {
        return framed.remaining() < HEADER ? 0 : framed.get(framed.position() + HEADER - 1);
    }

    static <T> T read(String kind, int version, byte[] framed, Reader<T> body) throws DamagedContent {
        return read(kind, version, ByteBuffer.wrap(framed), body);
    }

    static <T> T read(String kind, int version, ByteBuffer framed, Reader<T> body) throws DamagedContent {
        checkHeader(kind, version, framed);
        ByteBuffer content = framed.slice(framed.position(), framed.remaining() - SEAL);
        ByteBuffer seal = framed.slice(framed.limit() - SEAL, SEAL);
        if (!ByteBuffer.wrap(sha256(content)).equals(seal)) {
            throw new DamagedContent(kind + " does not match its hash");
        }
        return readInner(kind, version, framed, body);
    }

    /** Of a frame within another one, whose hash covers it: to hash it again would tell nothing. */
    static <T> T readInner(String kind, int version, ByteBuffer framed, Reader<T> body) throws DamagedContent {
        checkHeader(kind, version, framed);
        ByteBuffer in = framed.slice(framed.position() + HEADER, framed.remaining() - HEADER - SEAL);
        try {
            T value = body.read(in);
            if (in.hasRemaining()) {
                throw new DamagedContent(kind + " has " + in.remaining() + " bytes too many");
            }
            return value;
        } catch (BufferUnderflowException | IllegalArgumentException | DateTimeException e) {
            // The message of these may repeat content.
            throw new DamagedContent(kind + " can't be read: " + e.getClass().getSimpleName());
        }
    }

    private static void checkHeader(String kind, int version, ByteBuffer framed) throws DamagedContent {
        if (framed.remaining() < HEADER + SEAL) {
            throw new DamagedContent(kind + " is cut off after " + framed.remaining() + " bytes");
        }
        for (int letter = 0; letter < kind.length(); letter++) {
            if (framed.get(framed.position() + letter) != kind.charAt(letter)) {
                throw new DamagedContent("not of the kind " + kind);
            }
        }
        if (version(framed) != version) {
            throw new DamagedContent(kind + " has format " + version(framed) + " but this client reads " + version);
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

    static String readText(ByteBuffer in) throws DamagedContent {
        return utf8(readPart(in));
    }

    static boolean readBoolean(ByteBuffer in) {
        return in.get() != 0;
    }

    static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] readBytes(ByteBuffer in) throws DamagedContent {
        ByteBuffer part = readPart(in);
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        return bytes;
    }

    /** As {@link #readBytes}, where they are. */
    static ByteBuffer readPart(ByteBuffer in) throws DamagedContent {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new DamagedContent("a length of " + length + " bytes where " + in.remaining() + " are left");
        }
        ByteBuffer part = in.slice(in.position(), length);
        in.position(in.position() + length);
        return part;
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

    static ByteBuffer readPacked(ByteBuffer in, int most) throws DamagedContent {
        int length = in.getInt();
        if (length < 0 || length > most) {
            throw new DamagedContent("a content of " + length + " bytes");
        }
        ByteBuffer packed = readPart(in);
        return packed.remaining() == length ? packed : ByteBuffer.wrap(gunzip(packed, length));
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

    private static byte[] gunzip(ByteBuffer compressed, int length) throws DamagedContent {
        var bytes = new ByteArrayInputStream(
                compressed.array(), compressed.arrayOffset() + compressed.position(), compressed.remaining());
        try (var gzip = new GZIPInputStream(bytes)) {
            byte[] plain = gzip.readNBytes(length);
            if (plain.length != length || gzip.read() != -1) {
                throw new DamagedContent("a text does not unpack to the " + length + " bytes it promises");
            }
            return plain;
        } catch (IOException e) {
            throw new DamagedContent("a text can't be unpacked: " + e.getClass().getSimpleName());
        }
    }

    static byte[] sha256(byte[] bytes) {
        return sha256(ByteBuffer.wrap(bytes));
    }

    static byte[] sha256(ByteBuffer bytes) {
        try {
            // To look an algorithm up takes as long as to hash a kilobyte.
            var digest = (MessageDigest) SHA_256.clone();
            digest.update(bytes);
            return digest.digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The SHA-256 of every Java platform can be cloned", e);
        }
    }

    private static String utf8(ByteBuffer bytes) throws DamagedContent {
        var text = new String(
                bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining(), StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : strictly(bytes);
    }

    /** Several times as long: only for a text that has what stands for malformed ones. */
    private static String strictly(ByteBuffer bytes) throws DamagedContent {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException e) {
            throw new DamagedContent("a text is not UTF-8");
        }
    }
}
