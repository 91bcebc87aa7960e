package io.switchboard.engine.process;

import io.switchboard.engine.supervision.Desired;
import io.switchboard.engine.supervision.EngineJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The engine's directory: {@code workloads/<name>.json}, and {@code tasks/<id>/} with the task's record, start script,
 * log and working directory. Records are replaced as a whole and are on disk when a call returns. Only the owner can
 * read it, because environments may hold secrets.
 */
final class RecordStore implements AutoCloseable {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final JsonMapper json = EngineJson.mapper();
    private final Path workloads;
    private final Path tasks;
    private final FileChannel lock;

    /** @throws IllegalStateException if another engine uses the directory */
    RecordStore(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, OWNER_ONLY);
            this.workloads = Files.createDirectories(directory.resolve("workloads"));
            this.tasks = Files.createDirectories(directory.resolve("tasks"));
            this.lock = lock(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("can't use the directory " + directory, e);
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        }
        if (held == null) {
            channel.close();
            throw new IllegalStateException("another process engine uses " + directory
                    + "; stop it, or set engine.process.directory to another one");
        }
        return channel;
    }

    List<Desired> desired() {
        return list(workloads, "*.json").stream()
                .map(file -> json.readValue(file.toFile(), Desired.class))
                .toList();
    }

    void write(Desired desired) {
        replace(file(desired.workload().name()), json.writeValueAsBytes(desired));
    }

    void forget(String workload) {
        delete(file(workload));
    }

    /** All tasks with a record; what is left of others is cleared away. */
    List<TaskRecord> tasks() {
        List<TaskRecord> records = new ArrayList<>();
        for (Path task : list(tasks, "*")) {
            Path record = task.resolve("task.json");
            if (Files.exists(record)) {
                records.add(json.readValue(record.toFile(), TaskRecord.class));
            } else {
                delete(task);
            }
        }
        return records;
    }

    void write(TaskRecord task) {
        Path directory = directory(task.id());
        try {
            Files.createDirectories(directory.resolve("work"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        replace(directory.resolve("task.json"), json.writeValueAsBytes(task));
    }

    /** The record goes first: without it the rest is cleared away at the next start at the latest. */
    void discard(String taskId) {
        delete(directory(taskId).resolve("task.json"));
        delete(directory(taskId));
    }

    Path directory(String taskId) {
        return tasks.resolve(taskId);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String workload) {
        return workloads.resolve(workload + ".json");
    }

    private static void replace(Path file, byte[] content) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + file, e);
        }
    }

    private static List<Path> list(Path directory, String names) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, names)) {
            List<Path> found = new ArrayList<>();
            entries.forEach(found::add);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path path) {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (NoSuchFileException gone) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("can't delete " + path, e);
        }
    }
}
