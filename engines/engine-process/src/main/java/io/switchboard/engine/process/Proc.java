package io.switchboard.engine.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code /proc}. A process that ends while it is read is not there. */
final class Proc {

    /** USER_HZ, which Linux has fixed at 100 for programs on all architectures Java runs on. */
    static final int TICKS_PER_SECOND = 100;

    private final Path root;

    Proc(Path root) {
        this.root = root;
    }

    Optional<ProcessStat> stat(long pid) {
        return read(pid, "stat").flatMap(bytes -> ProcessStat.parse(new String(bytes, StandardCharsets.ISO_8859_1)));
    }

    List<ProcessStat> all() {
        List<ProcessStat> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[0-9]*")) {
            for (Path entry : entries) {
                stat(Long.parseLong(entry.getFileName().toString())).ifPresent(all::add);
            }
        } catch (IOException e) {
            throw new IllegalStateException("can't list " + root, e);
        }
        return all;
    }

    /** A variable of the environment the process was started with. */
    Optional<String> variable(long pid, String name) {
        String prefix = name + "=";
        return read(pid, "environ")
                .flatMap(bytes -> new String(bytes, StandardCharsets.UTF_8)
                        .lines()
                        .flatMap(text -> List.of(text.split("\0")).stream())
                        .filter(entry -> entry.startsWith(prefix))
                        .map(entry -> entry.substring(prefix.length()))
                        .findFirst());
    }

    /** Memory in KiB, shared pages counted in part; where the kernel doesn't say, all resident pages; else 0. */
    long memoryKib(long pid) {
        return read(pid, "smaps_rollup")
                .flatMap(bytes -> kib(bytes, "Pss:"))
                .or(() -> read(pid, "status").flatMap(bytes -> kib(bytes, "VmRSS:")))
                .orElse(0L);
    }

    private static Optional<Long> kib(byte[] bytes, String label) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.startsWith(label))
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst();
    }

    private Optional<byte[]> read(long pid, String file) {
        try {
            return Optional.of(
                    Files.readAllBytes(root.resolve(Long.toString(pid)).resolve(file)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
