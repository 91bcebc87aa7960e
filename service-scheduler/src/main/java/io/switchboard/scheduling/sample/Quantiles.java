package io.switchboard.scheduling.sample;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * A sketch of values that are no longer there: counts in buckets that are 1 % wide at most, so that any quantile is within a
 * percent of the true one. Two sketches merge without any loss.
 */
final class Quantiles {

    private static final int DIGITS = 2;

    private final Histogram histogram;

    private Quantiles(Histogram histogram) {
        this.histogram = histogram;
        histogram.setAutoResize(true);
    }

    static Quantiles none() {
        return new Quantiles(new Histogram(DIGITS));
    }

    /** @throws IllegalArgumentException if the bytes are no sketch */
    static Quantiles of(byte[] bytes) {
        try {
            return new Quantiles(Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0));
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("the bytes are no sketch of quantiles", e);
        }
    }

    byte[] bytes() {
        var buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        return Arrays.copyOf(buffer.array(), histogram.encodeIntoCompressedByteBuffer(buffer));
    }

    void add(long value) {
        histogram.recordValue(value);
    }

    void add(Quantiles other) {
        histogram.add(other.histogram);
    }

    long count() {
        return histogram.getTotalCount();
    }

    /** @param share 0 to 1 */
    long at(double share) {
        return histogram.getValueAtPercentile(100 * share);
    }
}
