package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.BalancerUnavailable;
import io.switchboard.access.balancer.HostAddresses;
import io.switchboard.access.balancer.haproxy.Layout.Server;
import io.switchboard.access.balancer.haproxy.Layout.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** HAProxy's command line, over its socket. Each batch has a connection of its own: an old one stays with an old worker. */
final class RuntimeApi implements AutoCloseable {

    /** Below HAProxy's buffer of 16 KiB. */
    private static final int LONGEST_LINE = 12_000;

    private final Duration timeout;
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("access-haproxy-timeout").factory());

    RuntimeApi(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * Carries out the commands in order.
     *
     * @return one answer for each, without surrounding blanks
     * @throws BalancerUnavailable if it can't be reached or answers something else than one text per command
     */
    List<String> run(Path socket, List<String> commands) {
        List<String> answers = new ArrayList<>();
        int from = 0;
        while (from < commands.size()) {
            int to = from;
            int length = 0;
            while (to < commands.size()
                    && (to == from || length + commands.get(to).length() < LONGEST_LINE)) {
                length += commands.get(to).length() + 1;
                to++;
            }
            answers.addAll(batch(socket, commands.subList(from, to)));
            from = to;
        }
        return answers;
    }

    /** Whether anybody listens there. */
    static boolean accepts(Path socket) {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends one line and returns all there is to read. */
    String send(Path socket, String line) {
        return exchange(socket, line, timeout, false);
    }

    /** The same for HAProxy's master, which for some questions doesn't close the connection by itself. */
    String lastLine(Path socket, String line) {
        return lastLine(socket, line, timeout);
    }

    /** @param patience the longest wait for the answer */
    String lastLine(Path socket, String line, Duration patience) {
        return exchange(socket, line, patience, true);
    }

    private String exchange(Path socket, String line, Duration patience, boolean last) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            var end = watchdog.schedule(() -> close(channel), patience.toMillis(), TimeUnit.MILLISECONDS);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                var out = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                if (last) {
                    channel.shutdownOutput();
                }
                return read(channel);
            } finally {
                end.cancel(false);
            }
        } catch (AsynchronousCloseException e) {
            throw new BalancerUnavailable("HAProxy gave no answer on " + socket + " within " + patience, e);
        } catch (IOException e) {
            throw new BalancerUnavailable("HAProxy doesn't answer on " + socket + ": " + e, e);
        }
    }

    @Override
    public void close() {
        watchdog.shutdownNow();
    }

    private List<String> batch(Path socket, List<String> commands) {
        var text = send(socket, String.join(";", commands));
        List<String> answers = new ArrayList<>();
        var answer = new StringBuilder();
        for (String line : text.lines().toList()) {
            if (line.isEmpty()) {
                answers.add(answer.toString().strip());
                answer.setLength(0);
            } else {
                answer.append(line).append('\n');
            }
        }
        if (answers.size() != commands.size()) {
            throw new BalancerUnavailable(
                    "HAProxy gave " + answers.size() + " answers to " + commands.size() + " commands", null);
        }
        return answers;
    }

    private static String read(SocketChannel channel) throws IOException {
        var text = new ByteArrayOutputStream();
        var buffer = ByteBuffer.allocate(65_536);
        while (channel.read(buffer) >= 0) {
            text.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The reader finds out.
        }
    }

    /** Rows of {@code show servers state}, of backends that are given away. */
    static Map<String, Map<String, Server>> servers(String answer) {
        Map<String, Map<String, Server>> backends = new HashMap<>();
        answer.lines()
                .filter(line -> !line.startsWith("#") && line.length() > 1)
                .map(line -> line.split(" "))
                .filter(row -> row.length > 18 && Pool.named(row[1]))
                .forEach(row -> backends.computeIfAbsent(row[1], name -> new HashMap<>())
                        .put(
                                row[3],
                                new Server(
                                        HostAddresses.literal(row[4]).orElse(row[4]),
                                        Integer.parseInt(row[18]),
                                        state(Integer.parseInt(row[6])),
                                        Integer.parseInt(row[7]))));
        return backends;
    }

    /** The bits of srv_admin_state: 1, 2, 32 are maintenance; 4 only tells that the file said so; 8, 16 are drain. */
    private static State state(int bits) {
        if ((bits & (1 | 2 | 32)) != 0) {
            return State.MAINT;
        }
        return (bits & (8 | 16)) != 0 ? State.DRAIN : State.READY;
    }

    /** Rows of {@code show map}: a reference, the key, the value. */
    static Map<String, String> map(String answer) {
        Map<String, String> entries = new HashMap<>();
        answer.lines()
                .map(line -> line.split(" "))
                .filter(row -> row.length == 3)
                .forEach(row -> entries.put(row[1], row[2]));
        return entries;
    }

    /** Rows of {@code show stat} of frontends and backends, by the names of their columns. */
    static List<Map<String, String>> stat(String answer) {
        var lines = answer.lines().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty() || !lines.getFirst().startsWith("# ")) {
            return List.of();
        }
        var names = lines.getFirst().substring(2).split(",");
        List<Map<String, String>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            var cells = line.split(",", -1);
            Map<String, String> row = new HashMap<>();
            for (int at = 0; at < Math.min(names.length, cells.length); at++) {
                row.put(names[at], cells[at]);
            }
            rows.add(row);
        }
        return rows;
    }

    /** Rows of {@code show info}. */
    static Map<String, String> info(String answer) {
        Map<String, String> entries = new HashMap<>();
        answer.lines()
                .map(line -> line.split(": ", 2))
                .filter(row -> row.length == 2)
                .forEach(row -> entries.put(row[0], row[1]));
        return entries;
    }
}
