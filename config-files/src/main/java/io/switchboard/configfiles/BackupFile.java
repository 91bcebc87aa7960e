package io.switchboard.configfiles;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A backup of a config center as it lies on a disk: its last 32 bytes are the SHA-256 of all before. */
final class BackupFile {

    private static final int HASH = 32;

    private BackupFile() {}

    /**
     * Writes one that is whole, or leaves what was there; for nobody but the user to read.
     *
     * @return its size
     */
    static long write(Path file, Center center) throws IOException, InterruptedException {
        Path directory = file.toAbsolutePath().getParent();
        Path part = Files.createTempFile(directory, ".backup", null);
        try {
            center.backUp(part);
            check(part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return Files.size(file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** @throws Refused if it was cut off or changed, or never was one */
    static void check(Path file) throws IOException {
        MessageDigest hash = sha256();
        long left = Files.size(file) - HASH;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            byte[] some = new byte[64 * 1024];
            for (int read = 1; left > 0 && read > 0; left -= read) {
                read = in.readNBytes(some, 0, (int) Math.min(some.length, left));
                hash.update(some, 0, read);
            }
            if (left != 0 || !MessageDigest.isEqual(hash.digest(), in.readNBytes(HASH))) {
                throw new Refused(file + " is no backup, or was cut off or changed");
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
