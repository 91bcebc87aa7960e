package io.switchboard.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The right to a state directory: for one process at a time, until it ends, however it does. */
final class StateLock implements AutoCloseable {

    private final FileChannel file;
    /** Held here, too: the JVM itself knows of locks only for as long as somebody else does. */
    private final FileLock lock;

    private StateLock(FileChannel file, FileLock lock) {
        this.file = file;
        this.lock = lock;
    }

    /**
     * @param directory made if it isn't there
     * @throws IllegalStateException if another process has it, or this one already
     */
    static StateLock on(Path directory) throws IOException {
        Files.createDirectories(directory);
        var path = directory.resolve("standalone.lock");
        var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var lock = lock(file);
        if (lock == null) {
            file.close();
            throw new IllegalStateException(
                    "another Switchboard, process " + Files.readString(path) + ", has " + directory
                            + ": stop it first (./switchboard down), or give this one a directory of its own"
                            + " (--standalone.directory=, SWITCHBOARD_STATE for ./switchboard)");
        }
        file.truncate(0);
        file.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return new StateLock(file, lock);
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        file.close();
    }
}
