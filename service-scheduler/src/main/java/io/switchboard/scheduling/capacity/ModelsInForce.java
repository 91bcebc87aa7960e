package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.model.ConsumptionModel;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.Knee;
import io.switchboard.capacity.model.Resource;
import io.switchboard.scheduling.capacity.ModelVersions.Widening;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The versions in force, in memory. What another scheduler activates counts here with the next look.
 *
 * <p>The narrowest that was measured counts: this image for this tenant, this image, the latest of another image of its
 * repository, the service type. A resource that it doesn't model comes from the next wider one.
 */
final class ModelsInForce implements Models {

    private final ModelVersions versions;
    private final String nodeClass;
    private volatile View view = new View("nothing yet", Map.of(), Map.of());

    private record View(String state, Map<Scope, ModelVersion> inForce, Map<Long, Widening> widenings) {}

    /** @param nodeClass of the nodes that tasks run on; empty if they are of none */
    ModelsInForce(ModelVersions versions, String nodeClass) {
        this.versions = versions;
        this.nodeClass = nodeClass;
    }

    /** Takes over what is in force by now. */
    synchronized void look() {
        var state = versions.state();
        if (!state.equals(view.state)) {
            view = new View(state, Map.copyOf(versions.inForce()), Map.copyOf(versions.widenings()));
        }
    }

    /** All of them, newest first. */
    List<ModelVersion> all() {
        return view.inForce.values().stream()
                .sorted(Comparator.comparingLong(ModelVersion::version).reversed())
                .toList();
    }

    boolean isInForce(ModelVersion model) {
        var current = view.inForce.get(model.scope());
        return current != null && current.version() == model.version();
    }

    @Override
    public Optional<KnownWork> find(Kind kind, String image, String tenant) {
        var nearest = nearest(new Scope(kind, image, image.isEmpty() ? "" : tenant, ""));
        if (nearest.isEmpty()) {
            return Optional.empty();
        }
        var models = new EnumMap<Resource, ConsumptionModel>(Resource.class);
        List<Knee> knees = List.of();
        for (var one : nearest) {
            one.store().find(kind).orElse(Map.of()).forEach(models::putIfAbsent);
            if (knees.isEmpty()) {
                knees = one.store().knees().getOrDefault(kind, List.of());
            }
        }
        var first = nearest.getFirst();
        var widening = view.widenings.getOrDefault(first.version(), Widening.NONE);
        return Optional.of(new KnownWork(
                kind, models, knees, widening.factor(), (origin(first, image) + " " + widening.detail()).strip()));
    }

    /** From the narrowest to the widest. */
    List<ModelVersion> nearest(Scope wanted) {
        var seen = view.inForce;
        var found = new ArrayList<ModelVersion>();
        add(found, seen, wanted);
        add(found, seen, new Scope(wanted.kind(), wanted.image(), "", ""));
        if (!wanted.image().isEmpty()
                && found.stream().noneMatch(one -> one.scope().image().equals(wanted.image()))) {
            sibling(seen, wanted).ifPresent(found::add);
        }
        add(found, seen, Scope.of(wanted.kind()));
        return found.stream().distinct().toList();
    }

    private void add(List<ModelVersion> found, Map<Scope, ModelVersion> seen, Scope scope) {
        for (var one : new String[] {nodeClass, ""}) {
            var model = seen.get(scope.on(one));
            if (model != null) {
                found.add(model);
                return;
            }
        }
    }

    private Optional<ModelVersion> sibling(Map<Scope, ModelVersion> seen, Scope wanted) {
        return seen.values().stream()
                .filter(one -> one.scope().kind().equals(wanted.kind())
                        && one.scope().tenant().isEmpty()
                        && !one.scope().image().isEmpty()
                        && one.scope().repository().equals(wanted.repository())
                        && (one.scope().nodeClass().isEmpty()
                                || one.scope().nodeClass().equals(nodeClass)))
                .max(Comparator.comparingLong(ModelVersion::version));
    }

    private static String origin(ModelVersion model, String image) {
        var scope = model.scope();
        var whose = scope.isWidest()
                ? "of the service type" + (image.isEmpty() ? "" : ", for want of one of this image")
                : !scope.image().equals(image)
                        ? "of image " + scope.image() + ", for want of one of this image"
                        : scope.tenant().isEmpty() ? "of this image" : "of this image and tenant";
        return "Model of %s (%s): version %d, %s, from %s."
                .formatted(
                        scope.kind().service(),
                        scope.kind().mode(),
                        model.version(),
                        whose,
                        model.store().source());
    }
}
