package io.switchboard.capacity.model;

import java.util.TreeMap;

/** The largest use seen at a load or any smaller one: what a reservation must hold whatever the model says. */
final class Envelope {

    private final TreeMap<Double, Double> steps = new TreeMap<>();

    /** @param loads NaN where the load is not known: then the use counts for every load */
    Envelope(double[] loads, double[] uses) {
        var highest = new TreeMap<Double, Double>();
        for (int row = 0; row < loads.length; row++) {
            highest.merge(Double.isNaN(loads[row]) ? 0 : loads[row], uses[row], Math::max);
        }
        double most = 0;
        for (var load : highest.entrySet()) {
            if (load.getValue() > most) {
                most = load.getValue();
                steps.put(load.getKey(), most);
            }
        }
    }

    static Envelope none() {
        return new Envelope(new double[0], new double[0]);
    }

    /** From pairs of load and use. */
    static Envelope of(double[][] steps) {
        var envelope = none();
        for (double[] step : steps) {
            envelope.steps.put(step[0], step[1]);
        }
        return envelope;
    }

    double[][] steps() {
        return steps.entrySet().stream()
                .map(step -> new double[] {step.getKey(), step.getValue()})
                .toArray(double[][]::new);
    }

    double at(double load) {
        var step = steps.floorEntry(load);
        return step == null ? 0 : step.getValue();
    }
}
