package io.switchboard.configfiles;

import io.switchboard.configprotocol.Sha256;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A backup of a config center as it lies on a disk: its last 32 bytes are the SHA-256 of all before. */
final class BackupFile {

    private BackupFile() {}

    /**
     * Writes one that is whole, or leaves what was there; for nobody but the user to read.
     *
     * @return its size
     */
    static long write(Path file, Center center) throws IOException, InterruptedException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new Refused(file + " can't be written: there is no directory " + directory);
        }
        try {
            return write(file, directory, center);
        } catch (FileSystemException e) {
            // Of a file that nobody named.
            String why = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
            throw new Refused(file + " can't be written: " + why);
        }
    }

    private static long write(Path file, Path directory, Center center) throws IOException, InterruptedException {
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
        if (!Sha256.closes(file)) {
            throw new Refused(file + " is no backup, or was cut off or changed");
        }
    }
}
