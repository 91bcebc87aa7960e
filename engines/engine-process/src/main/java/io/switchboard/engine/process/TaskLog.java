package io.switchboard.engine.process;

import io.switchboard.engine.LogPart;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
        List<String> found = new ArrayList<>(read(newer, 0).lines());
        if (found.size() < lines) {
            found.addAll(0, read(older, 0).lines());
        }
        return last(found, lines);
    }

    /**
     * Where a reader stands.
     *
     * @param offset in {@code log}, behind the last line that was read
     * @param size of {@code log} when it was read
     * @param moved when {@code log.1} was last written, in milliseconds; 0 before the first time
     */
    private record Place(long offset, long size, long moved) {

        static Place of(String text) {
            String[] numbers = text.split(":", -1);
            return new Place(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
        }

        @Override
        public String toString() {
            return offset + ":" + size + ":" + moved;
        }
    }

    /** See {@link io.switchboard.engine.Engine#logAfter}. */
    LogPart after(Optional<String> after, int most) {
        long moved = moved();
        if (after.isEmpty()) {
            Chunk complete = read(newer, 0).complete();
            List<String> lines = new ArrayList<>(complete.lines());
            if (lines.size() < most) {
                lines.addAll(0, read(older, 0).lines());
            }
            return new LogPart(last(lines, most), new Place(complete.end(), complete.end(), moved).toString());
        }
        Place place = Place.of(after.get());
        List<String> lines = new ArrayList<>();
        if (moved != place.moved() && size(newer) < size(older)) {
            // What was not read of it is the end of the older half by now.
            lines.addAll(read(older, place.offset()).lines());
            place = new Place(0, 0, moved);
        }
        Chunk fresh = read(newer, place.offset());
        // A last line that nobody goes on with is one.
        Chunk told = fresh.end() == place.size() ? fresh : fresh.complete();
        lines.addAll(told.lines());
        return new LogPart(last(lines, most), new Place(told.end(), fresh.end(), place.moved()).toString());
    }

    private static List<String> last(List<String> lines, int most) {
        return List.copyOf(lines.subList(Math.max(0, lines.size() - most), lines.size()));
    }

    private long moved() {
        try {
            return Files.getLastModifiedTime(older).toMillis();
        } catch (NoSuchFileException none) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException none) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** @param start where in the file it begins */
    private record Chunk(long start, byte[] bytes) {

        long end() {
            return start + bytes.length;
        }

        /** To its last line break. */
        Chunk complete() {
            int length = bytes.length;
            while (length > 0 && bytes[length - 1] != '\n') {
                length--;
            }
            return new Chunk(start, Arrays.copyOf(bytes, length));
        }

        /** Without what comes before its first line break. */
        Chunk fromNextLine() {
            int first = 0;
            while (first < bytes.length && bytes[first] != '\n') {
                first++;
            }
            int from = Math.min(first + 1, bytes.length);
            return new Chunk(start + from, Arrays.copyOfRange(bytes, from, bytes.length));
        }

        List<String> lines() {
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** From the offset to the end, or as much of it as is worth reading; begins with a line. */
    private static Chunk read(Path file, long offset) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long start = Math.clamp(size - TAIL_BYTES, Math.min(offset, size), size);
            ByteBuffer buffer = ByteBuffer.allocate((int) (size - start));
            channel.position(start);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // Until all is there, or the file was emptied meanwhile.
            }
            Chunk chunk = new Chunk(start, Arrays.copyOf(buffer.array(), buffer.position()));
            return start > offset ? chunk.fromNextLine() : chunk;
        } catch (NoSuchFileException none) {
            return new Chunk(0, new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
