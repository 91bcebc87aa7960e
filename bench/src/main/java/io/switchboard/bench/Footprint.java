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

    Each each(int clients) {
        return new Each(heapBytes / 1024.0 / clients, (double) threads / clients);
    }

    /** What one of many takes. */
    record Each(double heapKib, double threads) {

        String told() {
            return String.format(Locale.ROOT, "%.0f KiB of heap and %.1f threads each", heapKib, threads);
        }
    }
}
