package io.switchboard.bench;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** How benchmarks write figures, the same in every locale. */
final class Output {

    private Output() {}

    static void say(String format, Object... figures) {
        System.out.println(String.format(Locale.ROOT, format, figures));
    }

    /** Figures are worth little without what the machine does besides. */
    static void sayMachine() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        say(
                "machine     %d cores, load average %.1f before",
                system.getAvailableProcessors(), system.getSystemLoadAverage());
    }

    /** @param format of the percentiles, in milliseconds, in the order they are given */
    static String percentiles(Histogram nanos, String format, double... percentiles) {
        var values = new Object[percentiles.length];
        for (int index = 0; index < values.length; index++) {
            values[index] = millis(nanos, percentiles[index]);
        }
        return String.format(Locale.ROOT, format, values);
    }

    static double millis(Histogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e6;
    }

    /** The one in the middle, or the mean of the two there; NaN of none. */
    static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        int size = sorted.size();
        return size == 0 ? Double.NaN : (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
    }
}
