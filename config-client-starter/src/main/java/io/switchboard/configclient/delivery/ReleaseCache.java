package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The last release of each namespace that this application ran with, one file each, readable by its user only. A file
 * is replaced in one step, so that a crash leaves the old one or the new one.
 */
public final class ReleaseCache {

    private final Path directory;

    public ReleaseCache(Path directory) {
        this.directory = directory;
    }

    /**
     * The release kept for this namespace, empty if there is none.
     *
     * @throws DamagedContent if the file is not what was written, or belongs to another namespace
     */
    public Optional<Release> read(NamespacePath path) throws IOException, DamagedContent {
        Path file = file(path);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Release release = Release.decode(Files.readAllBytes(file));
        return release.path().equals(path) ? Optional.of(release) : Optional.empty();
    }

    /**
     * Keeps these in place of what is kept of their namespaces. All are written before the first one replaces anything: a disk
     * that is full leaves them all as they were.
     */
    void write(Collection<Release> releases) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, attributes("rwx------"));
        }
        Map<Path, Path> unfinished = new LinkedHashMap<>();
        try {
            for (Release release : releases) {
                Path file = Files.createTempFile(directory, "release", ".tmp", attributes("rw-------"));
                unfinished.put(file, file(release.path()));
                write(release, file);
            }
            for (Map.Entry<Path, Path> one : unfinished.entrySet()) {
                Files.move(
                        one.getKey(),
                        one.getValue(),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            for (Path file : unfinished.keySet()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void write(Release release, Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.wrap(release.encode());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Only a namespace may have dots and it comes last, so that no two paths share a file. */
    private Path file(NamespacePath path) {
        return directory.resolve(path.toString().replace('/', '.') + ".release");
    }

    private FileAttribute<?>[] attributes(String permissions) {
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
