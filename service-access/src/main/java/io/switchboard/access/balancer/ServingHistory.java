package io.switchboard.access.balancer;

import io.switchboard.access.route.Upstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which task served which address from when to when, in two files of bounded size that outlive this process. A line is what is
 * known of one task at one address; a later line about the same replaces it. A full file becomes the older one, and what goes on
 * is the beginning of the next.
 */
final class ServingHistory {

    private static final Logger log = LoggerFactory.getLogger(ServingHistory.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Bytes, fewer than most lines have. */
    private static final int SHORT_LINE = 200;

    private final Path file;
    private final Path older;
    private final long most;
    private final Clock clock;

    /** What goes on, by place; of several instances that claim one, the latest. */
    private final Map<String, Map<Serving.Key, Serving>> open = new HashMap<>();

    private final Map<UUID, Set<String>> places = new HashMap<>();
    /** The oldest first, and no more than a file holds: the disk may be full for long. */
    private final SequencedMap<Object, Serving> unwritten = new LinkedHashMap<>();

    private boolean dropping;

    /** Held by who opens, moves or writes the files; apart, because a change must not wait for the disk. */
    private final ReentrantLock files = new ReentrantLock();
    /** Held by who reads the files, which takes long: one after the other, and without keeping who writes. */
    private final ReentrantLock reading = new ReentrantLock();

    private long full;
    /** The file may end within a line. */
    private boolean cutShort;

    /** @param most bytes of a file before the next is begun */
    ServingHistory(Path directory, long most, Clock clock) {
        this.file = directory.resolve("history.jsonl");
        this.older = directory.resolve("history.1.jsonl");
        this.most = most;
        this.full = most;
        this.clock = clock;
        try {
            goingOnInFiles().forEach(this::keep);
        } catch (UncheckedIOException e) {
            log.warn("the history of routes can't be read and begins anew: {}", e.getMessage());
        }
        this.cutShort = Files.exists(file);
    }

    /** Takes note of who serves the upstream's addresses now. */
    synchronized void note(Upstream upstream) {
        Map<String, Map<Serving.Key, Serving>> now = new HashMap<>();
        if (!upstream.removed()) {
            for (var route : upstream.routes()) {
                var serving = now.computeIfAbsent(Tally.place(route), none -> new HashMap<>());
                for (var endpoint : upstream.endpoints(route.port())) {
                    var begun = Serving.begun(Tally.place(route), upstream, endpoint, clock.instant());
                    var before = open.getOrDefault(begun.place(), Map.of()).get(begun.key());
                    var as = before == null ? begun : before.asOf(endpoint.ready(), clock.instant());
                    serving.put(as.key(), as);
                }
            }
        }
        var had = places.getOrDefault(upstream.instanceId(), Set.of());
        for (String place :
                Stream.concat(had.stream(), now.keySet().stream()).distinct().toList()) {
            if (!heldByLater(place, upstream.instanceId())) {
                replace(place, upstream, now.getOrDefault(place, Map.of()));
            }
        }
    }

    /** Ends what instances serve that are known no more. */
    synchronized void forgetOthers(Collection<UUID> known) {
        for (UUID gone : new HashSet<>(places.keySet())) {
            if (!known.contains(gone)) {
                Set.copyOf(places.getOrDefault(gone, Set.of()))
                        .forEach(place ->
                                end(place, serving -> serving.instanceId().equals(gone)));
            }
        }
    }

    private boolean heldByLater(String place, UUID instanceId) {
        return open.getOrDefault(place, Map.of()).values().stream()
                .anyMatch(serving -> Upstream.BY_AGE.compare(serving.instanceId(), instanceId) > 0);
    }

    private void replace(String place, Upstream upstream, Map<Serving.Key, Serving> now) {
        boolean routed = !upstream.removed()
                && upstream.routes().stream()
                        .anyMatch(route -> Tally.place(route).equals(place));
        // A place that the upstream leads to is nobody else's; one that it left may be.
        end(
                place,
                serving -> !now.containsKey(serving.key())
                        && (routed || serving.instanceId().equals(upstream.instanceId())));
        now.values().forEach(serving -> {
            if (!serving.equals(open.getOrDefault(place, Map.of()).get(serving.key()))) {
                keep(serving);
                toBeWritten(serving);
            }
        });
    }

    private void end(String place, Predicate<Serving> which) {
        var serving = open.getOrDefault(place, Map.of());
        for (Serving each : List.copyOf(serving.values())) {
            if (which.test(each)) {
                toBeWritten(each.ended(clock.instant()));
                serving.remove(each.key());
                if (serving.values().stream()
                        .noneMatch(other -> other.instanceId().equals(each.instanceId()))) {
                    forgetPlace(each.instanceId(), place);
                }
            }
        }
        if (serving.isEmpty()) {
            open.remove(place);
        }
    }

    private void toBeWritten(Serving serving) {
        unwritten.put(identity(serving), serving);
        if (unwritten.size() > most / SHORT_LINE) {
            unwritten.pollFirstEntry();
            if (!dropping) {
                dropping = true;
                log.warn("the history of routes can't be written for so long that its oldest lines are dropped");
            }
        }
    }

    private void forgetPlace(UUID instanceId, String place) {
        places.computeIfPresent(instanceId, (id, all) -> {
            all.remove(place);
            return all.isEmpty() ? null : all;
        });
    }

    private void keep(Serving serving) {
        open.computeIfAbsent(serving.place(), none -> new HashMap<>()).put(serving.key(), serving);
        places.computeIfAbsent(serving.instanceId(), none -> new HashSet<>()).add(serving.place());
    }

    /**
     * Who served an address, whoever serves it now first, then from the latest to the earliest end.
     *
     * @param place host name, or public port as {@code :22017}
     * @throws UncheckedIOException if the files can't be read
     */
    List<Serving> of(String place) {
        var quoted = JSON.writeValueAsString(place);
        reading.lock();
        try {
            var opened = open();
            Map<Object, Serving> found = new LinkedHashMap<>();
            read(opened.files(), line -> line.contains(quoted), serving -> found.put(identity(serving), serving));
            opened.noted().forEach(serving -> found.put(identity(serving), serving));
            return found.values().stream()
                    .filter(serving -> serving.place().equals(place))
                    .sorted(Comparator.comparing(
                                    (Serving serving) -> serving.end().orElse(Instant.MAX))
                            .thenComparing(Serving::since)
                            .reversed())
                    .toList();
        } finally {
            reading.unlock();
        }
    }

    private synchronized List<Serving> noted() {
        return List.copyOf(unwritten.values());
    }

    private synchronized List<Serving> goingOn() {
        return open.values().stream()
                .flatMap(serving -> serving.values().stream())
                .toList();
    }

    /**
     * Puts down what was noted since the last time, on the disk when this returns.
     *
     * @throws UncheckedIOException if it can't be; it stays for the next time
     */
    void save() {
        files.lock();
        try {
            var lines = noted();
            if (lines.isEmpty()) {
                return;
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            if (Files.exists(file) && Files.size(file) >= full) {
                Files.move(file, older, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                append(goingOn());
                // What goes on may fill a file by itself; the next must hold as much again.
                full = Math.max(most, 2 * Files.size(file));
            }
            append(lines);
            written(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            files.unlock();
        }
    }

    private synchronized void written(List<Serving> lines) {
        lines.forEach(serving -> unwritten.remove(identity(serving), serving));
        dropping = false;
    }

    private void append(Collection<Serving> all) throws IOException {
        var text = new StringBuilder();
        if (cutShort) {
            text.append('\n');
        }
        all.forEach(serving -> text.append(JSON.writeValueAsString(serving)).append('\n'));
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            cutShort = true;
            var bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
            cutShort = false;
        }
    }

    /** @param noted what isn't in the files yet, or only came there since they were opened */
    private record Opened(List<BufferedReader> files, List<Serving> noted) {}

    /** What is open can be read to its end, whatever becomes of the names. */
    private Opened open() {
        List<BufferedReader> opened = new ArrayList<>();
        files.lock();
        try {
            for (Path each : List.of(older, file)) {
                if (Files.exists(each)) {
                    // By a reader that takes any bytes: those that are no text spoil their own line only.
                    opened.add(new BufferedReader(
                            new InputStreamReader(Files.newInputStream(each), StandardCharsets.UTF_8)));
                }
            }
            return new Opened(opened, noted());
        } catch (IOException e) {
            opened.forEach(ServingHistory::close);
            throw new UncheckedIOException(e);
        } finally {
            files.unlock();
        }
    }

    /** A line that a crash cut short is passed over. */
    private static void read(List<BufferedReader> opened, Predicate<String> lines, Consumer<Serving> found) {
        try {
            opened.forEach(each -> each.lines()
                    .filter(lines)
                    .flatMap(line -> parse(line).stream())
                    .forEach(found));
        } finally {
            opened.forEach(ServingHistory::close);
        }
    }

    private static void close(BufferedReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Collection<Serving> goingOnInFiles() {
        Map<Object, Serving> found = new LinkedHashMap<>();
        read(open().files(), line -> true, serving -> {
            if (serving.end().isEmpty()) {
                found.put(identity(serving), serving);
            } else {
                found.remove(identity(serving));
            }
        });
        return found.values();
    }

    private static Object identity(Serving serving) {
        return List.of(serving.key(), serving.since());
    }

    private static List<Serving> parse(String line) {
        try {
            return List.of(JSON.readValue(line, Serving.class));
        } catch (JacksonException e) {
            log.debug("a line of the history can't be read and is passed over: {}", e.getMessage());
            return List.of();
        }
    }
}
