package io.switchboard.capacity.model;

/** High-water marks: the highest mean over ten rows since the container started. */
final class Peaks {

    private static final int ROWS = 10;

    private Peaks() {}

    static double[] of(double[] values, int[] life) {
        int lives = 0;
        for (int one : life) {
            lives = Math.max(lives, one + 1);
        }
        var recent = new double[lives][ROWS];
        var sum = new double[lives];
        var count = new int[lives];
        var peak = new double[lives];
        var result = new double[values.length];
        for (int row = 0; row < values.length; row++) {
            int one = life[row];
            double value = Double.isNaN(values[row]) ? 0 : values[row];
            int slot = count[one]++ % ROWS;
            sum[one] += value - recent[one][slot];
            recent[one][slot] = value;
            peak[one] = Math.max(peak[one], sum[one] / Math.min(count[one], ROWS));
            result[row] = peak[one];
        }
        return result;
    }
}
