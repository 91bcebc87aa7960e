package io.switchboard.engine.process;

import io.switchboard.engine.MediaPorts;
import io.switchboard.engine.PortRange;
import io.switchboard.engine.supervision.StartFailed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Gives out ports that nobody listens at, each to one task at a time. */
final class FreePorts {

    private final PortRange range;
    private final Set<Integer> given = new HashSet<>();
    private int next;

    FreePorts(PortRange range) {
        this.range = range;
        // Not from the start each time: what connects to a port of an ended task should find nobody there for long.
        this.next = ThreadLocalRandom.current().nextInt(range.size());
    }

    synchronized List<Integer> take(int count) throws StartFailed {
        List<Integer> taken = new ArrayList<>();
        for (int tried = 0; taken.size() < count; tried++) {
            if (tried == range.size()) {
                release(taken);
                throw new StartFailed("no " + count + " free ports between " + range.first() + " and " + range.last());
            }
            int port = range.first() + next;
            next = (next + 1) % range.size();
            if (!given.contains(port) && !MediaPorts.busyHere(port)) {
                given.add(port);
                taken.add(port);
            }
        }
        return taken;
    }

    synchronized void keep(Collection<Integer> ports) {
        given.addAll(ports);
    }

    synchronized void release(Collection<Integer> ports) {
        given.removeAll(ports);
    }
}
