package io.switchboard.ports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ports that nobody listens on, and that nobody else who asks here gets while this process lives.
 *
 * <p>A port that the kernel picks may be gone before the server that should have it has started: to an outgoing connection,
 * or to a test beside this one. So these lie below the kernel's, and a lock on the byte of that number in one file per user
 * says that a port is given away; it goes with the process that holds it.
 */
public final class FreePorts {

    private static final int FIRST = 10_000;
    private static final int LAST = 19_999;
    private static final FileChannel LOCKS = locks();

    private FreePorts() {}

    public static int next() {
        return next(1);
    }

    /**
     * The first of so many in a row.
     *
     * @throws IllegalStateException if there are none
     */
    public static int next(int count) {
        int places = LAST - FIRST + 2 - count;
        int start = ThreadLocalRandom.current().nextInt(places);
        for (int i = 0; i < places; i++) {
            int first = FIRST + (start + i) % places;
            if (takeAll(first, count)) {
                return first;
            }
        }
        throw new IllegalStateException("no %d free ports in a row between %d and %d".formatted(count, FIRST, LAST));
    }

    private static boolean takeAll(int first, int count) {
        var locks = new ArrayList<FileLock>();
        for (int port = first; port < first + count; port++) {
            var lock = isFree(port) ? lock(port) : null;
            if (lock == null) {
                locks.forEach(FreePorts::release);
                return false;
            }
            locks.add(lock);
        }
        return true;
    }

    /** On every address, so that a server may listen on whichever it likes. */
    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Held until this process ends; null if somebody has it. */
    private static @Nullable FileLock lock(int port) {
        try {
            return LOCKS.tryLock(port, 1, false);
        } catch (OverlappingFileLockException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void release(FileLock lock) {
        try {
            lock.release();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileChannel locks() {
        var file = Path.of(
                System.getProperty("java.io.tmpdir"), "switchboard-free-ports-" + System.getProperty("user.name"));
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
