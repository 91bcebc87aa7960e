package io.switchboard.configprotocol;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * An unchangeable snapshot of a namespace. The encoded form is both the content of its ZooKeeper node and the file in
 * which a client keeps the last release that worked.
 *
 * @param path the namespace it belongs to
 * @param number counts the releases of a namespace, from 1
 * @param author who published it
 * @param message why, may be empty
 * @param at when, to the millisecond
 * @param restores the earlier release whose items these are again; empty if it is no rollback
 */
public record Release(
        NamespacePath path,
        long number,
        String author,
        String message,
        Instant at,
        Items items,
        OptionalLong restores) {

    private static final String KIND = "SBRL";
    private static final int VERSION = 1;

    public Release {
        if (number < 1) {
            throw new IllegalArgumentException("number must be at least 1 but was " + number);
        }
        at = Instant.ofEpochMilli(at.toEpochMilli());
    }

    public byte[] encode() {
        return Frame.write(KIND, VERSION, out -> {
            Frame.writeText(out, path.toString());
            out.writeLong(number);
            Frame.writeText(out, author);
            Frame.writeText(out, message);
            out.writeLong(at.toEpochMilli());
            Frame.writeBytes(out, items.encode());
            if (restores.isPresent()) {
                out.writeLong(restores.getAsLong());
            }
        });
    }

    public static Release decode(byte[] encoded) throws DamagedContent {
        return Frame.read(
                KIND,
                VERSION,
                encoded,
                in -> new Release(
                        NamespacePath.parse(Frame.readText(in)),
                        in.readLong(),
                        Frame.readText(in),
                        Frame.readText(in),
                        Instant.ofEpochMilli(in.readLong()),
                        Items.decode(Frame.readBytes(in)),
                        in.available() == 0 ? OptionalLong.empty() : OptionalLong.of(in.readLong())));
    }

    /** @throws DamagedContent also if it is not the release of this namespace that is pointed to */
    public static Release decode(byte[] encoded, NamespacePath path, Pointer pointer) throws DamagedContent {
        Release release = decode(encoded);
        if (!release.path.equals(path) || !release.pointer().equals(pointer)) {
            throw new DamagedContent("release " + pointer.number() + " is not what the pointer announced");
        }
        return release;
    }

    public Pointer pointer() {
        return new Pointer(number, items.hash());
    }
}
