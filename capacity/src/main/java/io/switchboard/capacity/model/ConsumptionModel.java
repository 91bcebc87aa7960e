package io.switchboard.capacity.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * From load to the use of one resource by one task: the mean to expect and a bound that a second rarely exceeds, both
 * growing with every driver and never negative.
 */
public final class ConsumptionModel {

    /** Beyond the measured range the bound grows by this share of the mean for each share beyond. */
    private static final double GUARD = 0.5;

    /** Memory that runs out kills the task, and allocators grow in leaps. */
    private static final double MEMORY_GUARD = 1.5;

    private final Kind kind;
    private final Resource resource;
    private final Form form;
    private final Fit fit;
    private final double error;
    private final Bounds bounds;
    private final DerivedDrivers derived;
    private final Map<Driver, Double> highest;
    private final Envelope envelope;

    ConsumptionModel(
            Kind kind,
            Resource resource,
            CrossValidation.Choice choice,
            Bounds bounds,
            DerivedDrivers derived,
            Map<Driver, Double> highest,
            Envelope envelope) {
        this.kind = kind;
        this.resource = resource;
        this.form = choice.form();
        this.fit = choice.fit();
        this.error = choice.error();
        this.bounds = bounds;
        this.derived = derived;
        this.highest = new EnumMap<>(highest);
        this.envelope = envelope;
    }

    public Kind kind() {
        return kind;
    }

    public Resource resource() {
        return resource;
    }

    /** The form in words, for example {@code c + packets in/s^0.80}. */
    public String form() {
        return form.text();
    }

    /** The terms of the form in words, in the order of their coefficients. */
    public List<String> terms() {
        return form.terms().stream().map(Term::text).toList();
    }

    /** The constant, then one coefficient per term of the form. */
    public List<Double> coefficients() {
        var all = new ArrayList<Double>();
        all.add(fit.base());
        for (double slope : fit.slopes()) {
            all.add(slope);
        }
        return List.copyOf(all);
    }

    /** Mean relative error over windows of blocks left out; NaN if there was one block only. */
    public double crossValidatedError() {
        return error;
    }

    /** The highest value of a driver that was measured; infinite for one that was not. */
    public double measured(Driver driver) {
        return highest.getOrDefault(driver, Double.POSITIVE_INFINITY);
    }

    /** What to expect, in the resource's unit. */
    public double mean(Load load) {
        return mean(load::of);
    }

    /** What a second exceeds with the probability the bound was calibrated for (never, for memory). */
    public double bound(Load load) {
        return bound(load::of);
    }

    /** The bound, but never less than the largest value that was accepted at this load or a smaller one. */
    public double reservation(Load load) {
        return Math.max(bound(load), envelope.at(derived.value(Driver.CALLS, load::of)));
    }

    /** Whether some driver of the form is beyond what was measured. */
    public boolean extrapolates(Load load) {
        return beyond(fit, load::of) > 0;
    }

    /** What a task uses without load. */
    public double idle() {
        return fit.base();
    }

    double mean(ToDoubleFunction<Driver> stated) {
        return mean(fit, fit.base(), stated);
    }

    /** The mean of a container that was measured, or of another if it was not. */
    double mean(int life, ToDoubleFunction<Driver> stated) {
        return mean(fit, fit.base(life), stated);
    }

    double bound(ToDoubleFunction<Driver> stated) {
        return bound(fit, stated);
    }

    /** The bound that coefficients learned without a block give. */
    double bound(Fit other, ToDoubleFunction<Driver> stated) {
        double mean = mean(other, other.highestBase(), stated);
        return bounds.at(mean) + guard(other, mean, stated);
    }

    double mean(Fit other, double base, ToDoubleFunction<Driver> stated) {
        double sum = base;
        for (int term = 0; term < other.slopes().length; term++) {
            var one = form.terms().get(term);
            sum += other.slopes()[term] * one.at(derived.value(one.driver(), stated));
        }
        return sum;
    }

    /** The driver to draw the model over: the one that moves it most over the measured range, calls for a constant. */
    public Driver mainDriver() {
        Driver main = Driver.CALLS;
        double most = 0;
        for (int term = 0; term < fit.slopes().length; term++) {
            var one = form.terms().get(term);
            double moved = fit.slopes()[term] * one.at(measured(one.driver()));
            if (moved > most) {
                most = moved;
                main = one.driver();
            }
        }
        return main;
    }

    double value(Driver driver, ToDoubleFunction<Driver> stated) {
        return derived.value(driver, stated);
    }

    /** The drivers that the form uses. */
    List<Driver> drivers() {
        return form.terms().stream().map(Term::driver).distinct().toList();
    }

    Form shape() {
        return form;
    }

    Fit fit() {
        return fit;
    }

    Bounds bounds() {
        return bounds;
    }

    DerivedDrivers derived() {
        return derived;
    }

    Map<Driver, Double> highest() {
        // In the drivers' order: a stored model must not differ from run to run.
        return Collections.unmodifiableMap(highest);
    }

    Envelope envelope() {
        return envelope;
    }

    /** What is added to the bound for being beyond what the coefficients were learned from. */
    double guard(Fit other, double mean, ToDoubleFunction<Driver> stated) {
        return (resource == Resource.MEMORY ? MEMORY_GUARD : GUARD) * beyond(other, stated) * mean;
    }

    /** How far the farthest driver is beyond the measured range, as a share of that range. */
    private double beyond(Fit other, ToDoubleFunction<Driver> stated) {
        double most = 0;
        for (int term = 0; term < other.limits().length; term++) {
            double limit = other.limits()[term];
            if (limit > 0) {
                most = Math.max(most, derived.value(form.terms().get(term).driver(), stated) / limit - 1);
            }
        }
        return most;
    }
}
