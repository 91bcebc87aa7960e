package io.switchboard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The most main memory that this process and the database server took together, looked at four times a second. Memory that
 * several processes share is counted once ({@code Pss} in {@code /proc/PID/smaps_rollup}).
 */
final class ResidentMemory implements AutoCloseable {

    private static final Duration EVERY = Duration.ofMillis(250);

    private final Optional<ProcessHandle> database;
    private final Thread watcher;
    private volatile long mostKib;
    private volatile boolean closed;

    private ResidentMemory(Optional<ProcessHandle> database) {
        this.database = database;
        this.watcher = Thread.ofPlatform().name("resident-memory").daemon().unstarted(this::watch);
    }

    static ResidentMemory watch(Optional<ProcessHandle> database) {
        var memory = new ResidentMemory(database);
        memory.watcher.start();
        return memory;
    }

    long mostMib() {
        return mostKib >> 10;
    }

    private void watch() {
        while (!closed) {
            long now = Stream.concat(
                            Stream.of(ProcessHandle.current()),
                            database.stream().flatMap(server -> Stream.concat(Stream.of(server), server.descendants())))
                    .mapToLong(ResidentMemory::kib)
                    .sum();
            mostKib = Math.max(mostKib, now);
            try {
                TimeUnit.MILLISECONDS.sleep(EVERY.toMillis());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** None for a process that ended just now. */
    private static long kib(ProcessHandle process) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        closed = true;
        watcher.interrupt();
    }
}
