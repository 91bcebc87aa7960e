package io.switchboard.engine;

import io.switchboard.engine.Workload.Port;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Gives out a node's ports for media in blocks: each in one piece, from an even port on (RFC 3550, section 11: RTP at the
 * even port, RTCP at the odd one above it), to one task at a time, and past ports that somebody else listens at.
 */
public final class MediaPorts {

    private final PortRange range;
    private final String setting;
    private final IntPredicate busy;
    /** By task, then by the name of its port. */
    private final Map<String, Map<String, PortRange>> held = new HashMap<>();

    private int next;

    /**
     * @param setting what operators set the range by
     * @param busy whether somebody else listens at a port
     */
    public MediaPorts(PortRange range, String setting, IntPredicate busy) {
        this.range = range;
        this.setting = setting;
        this.busy = busy;
        this.next = range.first();
    }

    /** Why a task with these ports never finds room on this node, for people; empty if it may. */
    public Optional<String> lacks(List<Port> ports) {
        boolean fits =
                new MediaPorts(range, setting, port -> false).take("", ports).isPresent();
        return fits
                ? Optional.empty()
                : Optional.of("a task needs " + wanted(ports) + " ports for media, and its node has " + range + ", "
                        + range.size() + " in all; an operator may widen " + setting);
    }

    /**
     * Blocks for all these ports, which the task holds from now on; empty, and nothing is held, if they aren't all to be
     * had now. One that isn't for media is a block of one.
     */
    public synchronized Optional<Map<String, PortRange>> take(String taskId, List<Port> ports) {
        List<PortRange> taken = new ArrayList<>(
                held.values().stream().flatMap(each -> each.values().stream()).toList());
        Map<String, PortRange> blocks = new HashMap<>();
        int from = next;
        for (Port port : ports) {
            Optional<PortRange> block = place(range, taken, width(port), from, busy);
            if (block.isEmpty()) {
                return Optional.empty();
            }
            blocks.put(port.name(), block.get());
            taken.add(block.get());
            from = block.get().last() + 1;
        }
        keep(taskId, blocks);
        // What still sends to a task that ended finds nobody there for long.
        next = from;
        return Optional.of(Map.copyOf(blocks));
    }

    /** The task holds these: it was found, with them, after a restart. */
    public synchronized void keep(String taskId, Map<String, PortRange> blocks) {
        if (!blocks.isEmpty()) {
            held.put(taskId, Map.copyOf(blocks));
        }
    }

    /** Not before nothing of the task runs any more. */
    public synchronized void release(String taskId) {
        held.remove(taskId);
    }

    /** These tasks hold these blocks, and no others do. */
    public synchronized void replace(Map<String, Map<String, PortRange>> all) {
        held.clear();
        all.forEach(this::keep);
    }

    public synchronized boolean holds(String taskId) {
        return held.containsKey(taskId);
    }

    /** Why {@link #take} found none, for people. */
    public synchronized String shortage(List<Port> ports) {
        return "no block of " + wanted(ports) + " ports for media is free: its node has " + range + ", tasks hold "
                + used()
                + " of them, and what is left is too short or used by other programs; it starts once other tasks"
                + " end, or once an operator widens " + setting;
    }

    public synchronized Node.Media media() {
        return new Node.Media(range, used());
    }

    /** Blocks may lie outside, where the range was another one when they were given out. */
    private int used() {
        return held.values().stream()
                .flatMap(blocks -> blocks.values().stream())
                .filter(range::overlaps)
                .mapToInt(block -> Math.min(block.last(), range.last()) - Math.max(block.first(), range.first()) + 1)
                .sum();
    }

    private static int wanted(List<Port> ports) {
        return ports.stream().mapToInt(Port::count).sum();
    }

    private static int width(Port port) {
        return Math.max(1, port.count());
    }

    /** Whether somebody on this machine listens at a port, over TCP or UDP and at whatever address. */
    public static boolean busyHere(int port) {
        try (ServerSocket tcp = new ServerSocket()) {
            tcp.bind(new InetSocketAddress(port));
            new DatagramSocket(port).close();
            return false;
        } catch (IOException taken) {
            return true;
        }
    }

    /** The first block of so many ports that is free, looked for from a port on and then from the start of the range. */
    static Optional<PortRange> place(
            PortRange range, Collection<PortRange> taken, int count, int from, IntPredicate busy) {
        return search(Math.max(from, range.first()), range.last(), taken, count, busy)
                .or(() -> search(range.first(), range.last(), taken, count, busy));
    }

    private static Optional<PortRange> search(
            int from, int last, Collection<PortRange> taken, int count, IntPredicate busy) {
        int first = even(from);
        while (first + count - 1 <= last) {
            PortRange block = new PortRange(first, first + count - 1);
            OptionalInt obstacle = taken.stream()
                    .filter(block::overlaps)
                    .mapToInt(PortRange::last)
                    .max();
            if (obstacle.isEmpty()) {
                obstacle = lastBusy(block, busy);
            }
            if (obstacle.isEmpty()) {
                return Optional.of(block);
            }
            first = even(obstacle.getAsInt() + 1);
        }
        return Optional.empty();
    }

    /** From above, so that one look at each port is enough. */
    private static OptionalInt lastBusy(PortRange block, IntPredicate busy) {
        return IntStream.rangeClosed(0, block.size() - 1)
                .map(back -> block.last() - back)
                .filter(busy)
                .findFirst();
    }

    private static int even(int port) {
        return port + port % 2;
    }
}
