package io.switchboard.configprotocol;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * A release for some of the clients, while all others keep the one in effect. It is what the node {@code current/canary}
 * holds, which is there as long as the canary lasts.
 *
 * @param id tells it from other canaries of the namespace; those of several namespaces under one id belong together
 * @param choice who gets it
 * @param pointer to the release
 * @param release that release, if it stands here; otherwise it is read from its own node
 */
public record Canary(String id, Choice choice, Pointer pointer, Optional<Release> release) {

    private static final String KIND = "SBCA";
    private static final int VERSION = 1;

    /** With the release itself if that is small, as with {@link Current}. */
    public static Canary of(String id, Choice choice, Release release) {
        boolean small = release.encode().length <= Current.LARGEST_INLINE;
        return new Canary(id, choice, release.pointer(), small ? Optional.of(release) : Optional.empty());
    }

    public byte[] encode() {
        return Frame.write(KIND, VERSION, out -> {
            Frame.writeText(out, id);
            Choice.write(out, choice);
            Frame.writeBytes(out, pointer.encode());
            Frame.writeBytes(out, release.map(Release::encode).orElseGet(() -> new byte[0]));
        });
    }

    /** @throws DamagedContent also if the release is not the one that is pointed to, or of another namespace */
    public static Canary decode(byte[] encoded, NamespacePath path) throws DamagedContent {
        return Frame.read(KIND, VERSION, encoded, in -> {
            String id = Frame.readText(in);
            Choice choice = Choice.read(in);
            Pointer pointer = Pointer.decode(Frame.readBytes(in));
            ByteBuffer release = Frame.readPart(in);
            return new Canary(
                    id,
                    choice,
                    pointer,
                    release.hasRemaining() ? Optional.of(Release.decode(release, path, pointer)) : Optional.empty());
        });
    }

    /** Whether this client gets it. */
    public boolean isFor(String client, Map<String, String> labels) {
        return choice.includes(id, client, labels);
    }

    /** The same for other clients. */
    public Canary with(Choice others) {
        return new Canary(id, others, pointer, release);
    }
}
