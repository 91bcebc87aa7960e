package io.switchboard.configprotocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the node {@code current} holds: the {@link Pointer}, one line of text, and behind a line feed the encoded
 * release itself if it is small. So a client has most releases with the one read that sets its watch again.
 *
 * @param pointer to the release in effect
 * @param release that release, if it stands here; otherwise it is read from its own node
 */
public record Current(Pointer pointer, Optional<Release> release) {

    /**
     * Encoded releases up to this many bytes stand beside the pointer. A client reads all its namespaces with one request:
     * the 100 that a stage may have stay below the mebibyte that ZooKeeper's client takes.
     */
    public static final int LARGEST_INLINE = 8 * 1024;

    private static final char END_OF_POINTER = '\n';

    /** The node's content once the release is in effect. */
    public static byte[] encode(Release release) {
        return encode(release, release.encode());
    }

    /**
     * As {@link #encode(Release)}, of a release that is encoded already.
     *
     * @param content what {@link Release#encode} gave
     */
    public static byte[] encode(Release release, byte[] content) {
        byte[] pointer = release.pointer().encode();
        if (content.length > LARGEST_INLINE) {
            return pointer;
        }
        var bytes = new ByteArrayOutputStream(pointer.length + 1 + content.length);
        bytes.writeBytes(pointer);
        bytes.write(END_OF_POINTER);
        bytes.writeBytes(content);
        return bytes.toByteArray();
    }

    /** @throws DamagedContent also if the release is not the one that the pointer means, or of another namespace */
    public static Current decode(byte[] encoded, NamespacePath path) throws DamagedContent {
        int end = 0;
        while (end < encoded.length && encoded[end] != END_OF_POINTER) {
            end++;
        }
        Pointer pointer = Pointer.decode(Arrays.copyOf(encoded, end));
        if (end == encoded.length) {
            return new Current(pointer, Optional.empty());
        }
        ByteBuffer release = ByteBuffer.wrap(encoded, end + 1, encoded.length - end - 1);
        return new Current(pointer, Optional.of(Release.decode(release, path, pointer)));
    }
}
