package io.switchboard.bench;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What this JVM takes.
 *
 * @param heapBytes in use after a collection
 * @param threads platform threads
 */
record Footprint(long heapBytes, int threads) {

    static Footprint now() {
        System.gc();
        return new Footprint(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    Footprint since(Footprint before) {
        return new Footprint(heapBytes - before.heapBytes, threads - before.threads);
    }

    String per(int clients) {
        return String.format(
                Locale.ROOT,
                "%.0f KiB of heap and %.1f threads each",
                heapBytes / 1024.0 / clients,
                (double) threads / clients);
    }
}
