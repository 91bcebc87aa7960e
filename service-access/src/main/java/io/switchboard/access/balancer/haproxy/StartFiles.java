package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.file.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The files that HAProxy starts from, and that a reload makes it read. Two threads write them, one at a time. */
final class StartFiles {

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Running written;

    /**
     * Before HAProxy is told to read them.
     *
     * @throws UncheckedIOException if they can't be written
     */
    void prepare(Running wanted) {
        lock.lock();
        try {
            write(wanted);
        } finally {
            lock.unlock();
        }
    }

    /**
     * After a change. With other settings than those that stand there it is from before a reload that is under way: HAProxy would
     * read it in place of what it is to read.
     *
     * @throws UncheckedIOException if they can't be written
     */
    void save(Running inForce) {
        lock.lock();
        try {
            if (written == null || written.config().equals(inForce.config())) {
                write(inForce);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whoever had them meanwhile may have changed them: all are written next time. */
    void forget() {
        lock.lock();
        try {
            written = null;
        } finally {
            lock.unlock();
        }
    }

    private void write(Running wanted) {
        if (wanted.equals(written)) {
            return;
        }
        try {
            var to = wanted.config();
            Files.createDirectories(to.directory());
            var maps = Maps.of(wanted.layout()).all();
            for (int at = 0; at < maps.size(); at++) {
                DurableFile.replace(Maps.files(to.directory()).get(at), ConfigFile.map(maps.get(at)));
            }
            DurableFile.replace(to.file(), to.render(wanted.layout()));
            written = wanted;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
