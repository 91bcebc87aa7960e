package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.model.Resource;
import io.switchboard.capacity.model.SampleFile;
import io.switchboard.contracts.capacity.CapacityApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.scheduling.sample.History;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CapacityController implements CapacityApi {

    private static final Logger log = LoggerFactory.getLogger(CapacityController.class);
    private static final int MOST_MODELS = 1_000;
    private static final int USUAL_MODELS = 200;
    private static final int LONGEST_NAME = 500;

    private final WhatIf whatIf;
    private final ModelVersions versions;
    private final ModelsInForce current;
    private final Fits fits;
    private final Ingestion ingestion;
    private final History history;
    private final Clock clock;

    CapacityController(
            WhatIf whatIf,
            ModelVersions versions,
            ModelsInForce current,
            Fits fits,
            Ingestion ingestion,
            History history,
            Clock clock) {
        this.whatIf = whatIf;
        this.versions = versions;
        this.current = current;
        this.fits = fits;
        this.ingestion = ingestion;
        this.history = history;
        this.clock = clock;
    }

    @Override
    public PlanAnswer plan(PlanRequest request, @Nullable Caller caller) {
        var tenant = caller == null ? "" : caller.tenant().orElse("");
        return whatIf.plan(request, tenant);
    }

    @Override
    public List<ModelView> models(
            @Nullable String service,
            @Nullable String image,
            boolean inForce,
            @Nullable Integer limit,
            @Nullable Caller caller) {
        operator(caller);
        int most = RequestProblem.entries("limit", limit, USUAL_MODELS, MOST_MODELS);
        var found = inForce
                ? current.all().stream()
                        .filter(one ->
                                service == null || one.scope().kind().service().equals(service))
                        .filter(one -> image == null || one.scope().image().equals(image))
                : versions.list(service, image, most).stream();
        return found.limit(most).map(this::view).toList();
    }

    @Override
    public ModelDetail model(long version, @Nullable Caller caller) {
        operator(caller);
        var model = known(version);
        return ModelViews.detail(model, current.isInForce(model), versions.activations(model.scope()));
    }

    @Override
    public Comparison compare(long version, long with, @Nullable Caller caller) {
        operator(caller);
        var one = known(version);
        var other = known(with);
        if (!one.scope().kind().equals(other.scope().kind())) {
            throw new Problem(
                    CapacityProblem.MODELS_DIFFER,
                    "Version %d is of %s (%s), version %d of %s (%s)."
                            .formatted(
                                    version,
                                    one.scope().kind().service(),
                                    one.scope().kind().mode(),
                                    with,
                                    other.scope().kind().service(),
                                    other.scope().kind().mode()));
        }
        return ModelViews.comparison(one, current.isInForce(one), other, current.isInForce(other));
    }

    @Override
    public ModelView activate(long version, @Nullable Caller caller) {
        var by = operator(caller);
        var model = known(version);
        var resources =
                model.store().find(model.scope().kind()).orElse(Map.of()).keySet();
        if (model.scope().isWidest() && !resources.containsAll(List.of(Resource.CPU, Resource.MEMORY))) {
            throw new Problem(
                    CapacityProblem.MODEL_INCOMPLETE,
                    "Version %d is of a service type, for which nothing else would say what it lacks."
                            .formatted(version));
        }
        versions.activate(model, by, clock.instant());
        log.info("capacity model {} is in force: {}", version, model.scope());
        current.look();
        return view(model);
    }

    @Override
    public ModelView revert(long version, @Nullable Caller caller) {
        var by = operator(caller);
        var model = known(version);
        var past = versions.activations(model.scope());
        boolean last = past.isEmpty() || past.getFirst().supersedes().isEmpty();
        if (inForceNow(past, version)
                && last
                && model.scope().equals(Scope.of(model.scope().kind()))) {
            throw new Problem(
                    CapacityProblem.NOTHING_BEFORE,
                    "Version %d is the first that was in force for its service type.".formatted(version));
        }
        if (!versions.revert(model, by, clock.instant())) {
            throw new Problem(CapacityProblem.MODEL_NOT_IN_FORCE, "Version %d is not in force.".formatted(version));
        }
        log.info("capacity model {} is out of force: {}", version, model.scope());
        current.look();
        return current.nearest(model.scope().on("")).stream()
                .findFirst()
                .map(this::view)
                .orElseGet(() -> view(model));
    }

    private static boolean inForceNow(List<ModelVersions.Activation> past, long version) {
        return past.stream()
                .findFirst()
                .flatMap(ModelVersions.Activation::version)
                .filter(current -> current == version)
                .isPresent();
    }

    @Override
    public FitAnswer fit(
            byte[] csv,
            boolean keep,
            @Nullable String image,
            @Nullable String tenant,
            @Nullable String nodeClass,
            @Nullable String source,
            @Nullable Caller caller) {
        return fit(() -> SampleRows.of(csv), keep, image, tenant, nodeClass, source, caller);
    }

    @Override
    public FitAnswer fit(
            List<Map<String, Object>> rows,
            boolean keep,
            @Nullable String image,
            @Nullable String tenant,
            @Nullable String nodeClass,
            @Nullable String source,
            @Nullable Caller caller) {
        return fit(() -> SampleRows.of(rows), keep, image, tenant, nodeClass, source, caller);
    }

    private FitAnswer fit(
            Supplier<SampleFile> data,
            boolean keep,
            @Nullable String image,
            @Nullable String tenant,
            @Nullable String nodeClass,
            @Nullable String source,
            @Nullable Caller caller) {
        var by = operator(caller);
        tenantOfAnImage(image, tenant);
        var purpose = new Fits.Purpose(
                keep,
                name("image", image),
                name("tenant", tenant),
                name("nodeClass", nodeClass),
                source == null ? "a data set that " + by + " sent" : name("source", source),
                by);
        return fits.fit(data, purpose);
    }

    private static void tenantOfAnImage(@Nullable String image, @Nullable String tenant) {
        if (tenant != null && image == null) {
            throw RequestProblem.invalid("tenant", "needs an image");
        }
    }

    @Override
    public SamplesAnswer samples(
            byte[] csv, @Nullable String image, @Nullable String tenant, String task, @Nullable Caller caller) {
        return samples(() -> SampleRows.of(csv), image, tenant, task, caller);
    }

    @Override
    public SamplesAnswer samples(
            List<Map<String, Object>> rows,
            @Nullable String image,
            @Nullable String tenant,
            String task,
            @Nullable Caller caller) {
        return samples(() -> SampleRows.of(rows), image, tenant, task, caller);
    }

    private SamplesAnswer samples(
            Supplier<SampleFile> data,
            @Nullable String image,
            @Nullable String tenant,
            String task,
            @Nullable Caller caller) {
        if (caller == null || !caller.is(Role.SERVICE)) {
            operator(caller);
        }
        tenantOfAnImage(image, tenant);
        return ingestion.add(data.get(), name("image", image), name("tenant", tenant), name("task", task));
    }

    @Override
    public List<HistoryView> history(String service, String mode, @Nullable Caller caller) {
        operator(caller);
        return history.of(service, mode).stream()
                .map(one -> new HistoryView(
                        one.image().isEmpty() ? Optional.empty() : Optional.of(one.image()),
                        one.tenant().isEmpty() ? Optional.empty() : Optional.of(one.tenant()),
                        one.month(),
                        one.fromCalls(),
                        one.resource(),
                        one.resource().equals("cpu") ? "mcore" : "kB",
                        one.minutes(),
                        one.median(),
                        one.p99(),
                        one.most()))
                .toList();
    }

    private static String name(String field, @Nullable String said) {
        if (said == null) {
            return "";
        }
        if (said.isBlank() || said.length() > LONGEST_NAME || said.chars().anyMatch(Character::isISOControl)) {
            throw RequestProblem.invalid(field, "must be 1 to " + LONGEST_NAME + " printable characters");
        }
        return said;
    }

    private ModelVersion known(long version) {
        return versions.find(version)
                .orElseThrow(() -> new Problem(RequestProblem.NOT_FOUND, "There is no model version " + version + "."));
    }

    private ModelView view(ModelVersion model) {
        return ModelViews.view(model, current.isInForce(model));
    }

    private static String operator(@Nullable Caller caller) {
        return Caller.operator(caller, "Models and samples are the operators' business.")
                .subject();
    }
}
