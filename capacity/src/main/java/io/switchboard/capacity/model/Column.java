package io.switchboard.capacity.model;

import java.util.Arrays;

/** Numbers that arrive one by one. */
final class Column {

    private double[] values = new double[256];
    private int size;

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size + size / 2);
        }
        values[size++] = value;
    }

    double get(int row) {
        return values[row];
    }

    int size() {
        return size;
    }

    /** The values in another order, without those the order leaves out. */
    double[] inOrder(int[] order) {
        var result = new double[order.length];
        for (int row = 0; row < order.length; row++) {
            result[row] = values[order[row]];
        }
        return result;
    }
}
