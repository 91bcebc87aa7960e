package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.model.ConsumptionModel;
import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Load;
import io.switchboard.capacity.model.Resource;
import io.switchboard.capacity.model.Worth;
import io.switchboard.contracts.capacity.CapacityApi.Activation;
import io.switchboard.contracts.capacity.CapacityApi.Comparison;
import io.switchboard.contracts.capacity.CapacityApi.FitDetail;
import io.switchboard.contracts.capacity.CapacityApi.KneeView;
import io.switchboard.contracts.capacity.CapacityApi.ModelDetail;
import io.switchboard.contracts.capacity.CapacityApi.ModelView;
import io.switchboard.contracts.capacity.CapacityApi.Point;
import io.switchboard.contracts.capacity.CapacityApi.ResourceComparison;
import io.switchboard.contracts.capacity.CapacityApi.ResourceModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Model versions as they are shown. */
final class ModelViews {

    /** Points of a curve, from no load to the highest. */
    private static final int STEPS = 10;

    /** How long a call of a curve takes, for the rate that goes with it. */
    private static final double CALL_SECONDS = 180;

    private ModelViews() {}

    static ModelView view(ModelVersion model, boolean inForce) {
        var scope = model.scope();
        return new ModelView(
                model.version(),
                scope.kind().service(),
                scope.kind().mode(),
                said(scope.image()),
                said(scope.tenant()),
                said(scope.nodeClass()),
                model.store().source(),
                model.createdBy(),
                model.createdAt(),
                inForce,
                resources(models(model), worth(model)));
    }

    static List<ResourceModel> resources(Map<Resource, ConsumptionModel> models, Map<Resource, Worth> worth) {
        return models.entrySet().stream()
                .map(entry -> {
                    var one = entry.getValue();
                    var known = Optional.ofNullable(worth.get(entry.getKey()));
                    return new ResourceModel(
                            one.resource().code(),
                            one.resource().unit(),
                            one.form(),
                            one.coefficients(),
                            figure(100 * one.crossValidatedError()),
                            known.map(Worth::coverage).flatMap(ModelViews::figure),
                            known.map(Worth::slack).flatMap(ModelViews::figure));
                })
                .toList();
    }

    static ModelDetail detail(ModelVersion model, boolean inForce, List<ModelVersions.Activation> activations) {
        var fits = models(model).values().stream()
                .map(one -> fit(one, Optional.ofNullable(worth(model).get(one.resource()))))
                .toList();
        var knees = model.store().knees().getOrDefault(model.scope().kind(), List.of()).stream()
                .map(knee -> new KneeView(knee.calls(), knee.limit(), knee.broken()))
                .toList();
        return new ModelDetail(
                view(model, inForce),
                fits,
                knees,
                activations.stream()
                        .map(one -> new Activation(one.version(), one.by(), one.at()))
                        .toList());
    }

    private static FitDetail fit(ConsumptionModel model, Optional<Worth> worth) {
        var measured = new LinkedHashMap<String, Double>();
        for (var driver : Driver.values()) {
            double most = model.measured(driver);
            if (Double.isFinite(most)) {
                measured.put(driver.label(), most);
            }
        }
        var residuals = new TreeMap<String, Double>();
        worth.ifPresent(known -> IntStream.range(0, known.residuals().size())
                .forEach(index -> residuals.put(
                        "%.2f".formatted(Worth.QUANTILES.get(index)),
                        known.residuals().get(index))));
        return new FitDetail(
                model.resource().code(),
                model.terms(),
                measured,
                worth.map(Worth::seconds).orElse(0),
                worth.map(Worth::violations).orElse(0),
                residuals,
                worth.map(Worth::notes).orElse(List.of()),
                curve(model, most(model)));
    }

    static Comparison comparison(ModelVersion one, boolean oneInForce, ModelVersion other, boolean otherInForce) {
        var compared = new ArrayList<ResourceComparison>();
        models(one).forEach((resource, model) -> {
            var second = models(other).get(resource);
            if (second != null) {
                compared.add(comparison(model, second));
            }
        });
        return new Comparison(view(one, oneInForce), view(other, otherInForce), compared);
    }

    private static ResourceComparison comparison(ConsumptionModel one, ConsumptionModel other) {
        double most = Math.max(most(one), most(other));
        var first = curve(one, most);
        var second = curve(other, most);
        return new ResourceComparison(
                one.resource().code(),
                first,
                second,
                100 * (sum(second, true) / sum(first, true) - 1),
                100 * (sum(second, false) / sum(first, false) - 1));
    }

    /** Never 0, so that any two models can be told apart in percent. */
    private static double sum(List<Point> curve, boolean mean) {
        return Math.max(
                1e-12,
                curve.stream()
                        .mapToDouble(point -> mean ? point.mean() : point.reservation())
                        .sum());
    }

    private static double most(ConsumptionModel model) {
        double most = model.measured(Driver.CALLS);
        return Double.isFinite(most) ? most : 1;
    }

    private static List<Point> curve(ConsumptionModel model, double most) {
        return IntStream.rangeClosed(0, STEPS)
                .mapToObj(step -> most * step / STEPS)
                .map(calls -> {
                    var load = Load.calls(calls, calls / CALL_SECONDS);
                    return new Point(calls, model.mean(load), model.reservation(load));
                })
                .toList();
    }

    private static Map<Resource, ConsumptionModel> models(ModelVersion model) {
        return model.store().find(model.scope().kind()).orElse(Map.of());
    }

    private static Map<Resource, Worth> worth(ModelVersion model) {
        return model.store().worth().getOrDefault(model.scope().kind(), Map.of());
    }

    private static Optional<String> said(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static Optional<Double> figure(double value) {
        return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
    }
}
