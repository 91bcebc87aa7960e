package io.switchboard.engine.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What a task wrote: the newer half in {@code log}, the older in {@code log.1}. */
final class TaskLog {

    private static final int TAIL_BYTES = 512 * 1024;

    private final Path newer;
    private final Path older;

    TaskLog(Path directory) {
        this.newer = directory.resolve("log");
        this.older = directory.resolve("log.1");
    }

    /** Oldest first; bytes that are no UTF-8 are replaced. */
    List<String> tail(int lines) {
        List<String> found = new ArrayList<>(end(newer));
        if (found.size() < lines) {
            found.addAll(0, end(older));
        }
        return List.copyOf(found.subList(Math.max(0, found.size() - lines), found.size()));
    }

    /**
     * Makes room once the log is longer than that. The task keeps writing to the same file, so its content is copied
     * away and the file emptied; what is written between the two is lost.
     */
    void cap(long bytes) {
        try {
            if (Files.exists(newer) && Files.size(newer) > bytes / 2) {
                Files.copy(newer, older, StandardCopyOption.REPLACE_EXISTING);
                try (FileChannel channel = FileChannel.open(newer, StandardOpenOption.WRITE)) {
                    channel.truncate(0);
                }
            }
        } catch (NoSuchFileException discarded) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> end(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long start = Math.max(0, channel.size() - TAIL_BYTES);
            ByteBuffer buffer = ByteBuffer.allocate((int) (channel.size() - start));
            channel.position(start);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // Until all is there, or the file was emptied meanwhile.
            }
            List<String> lines = StandardCharsets.UTF_8
                    .decode(buffer.flip())
                    .toString()
                    .lines()
                    .toList();
            return start == 0 || lines.isEmpty() ? lines : lines.subList(1, lines.size());
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
