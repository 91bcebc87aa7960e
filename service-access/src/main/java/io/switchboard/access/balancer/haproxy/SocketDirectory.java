package io.switchboard.access.balancer.haproxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/** Paths of sockets are bounded to 107 characters, folders aren't. */
final class SocketDirectory {

    /** Leaves room for the socket's name and for what HAProxy appends to it while it starts. */
    private static final int LONGEST = 75;

    private SocketDirectory() {}

    /** The directory itself, or a short one of its own for a long one: the same each time, open to nobody else. */
    static Path of(Path directory) {
        if (directory.toString().length() <= LONGEST) {
            return directory;
        }
        var name = UUID.nameUUIDFromBytes(directory.toString().getBytes(StandardCharsets.UTF_8));
        var sockets = Path.of(System.getProperty("java.io.tmpdir"), "switchboard-" + name);
        try {
            var closed = PosixFilePermissions.fromString("rwx------");
            try {
                Files.createDirectory(sockets, PosixFilePermissions.asFileAttribute(closed));
            } catch (FileAlreadyExistsException e) {
                boolean ours = Files.getOwner(sockets).getName().equals(System.getProperty("user.name"))
                        && Files.getPosixFilePermissions(sockets).equals(closed);
                if (!ours) {
                    throw new IllegalStateException(sockets + " belongs to somebody else; remove it", e);
                }
            }
            return sockets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
