package io.switchboard.request.catalog;

import io.switchboard.capacity.demand.OrderedLoad;
import io.switchboard.contracts.ordering.CatalogApi.Plan;
import io.switchboard.contracts.ordering.CatalogApi.ServiceType;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One plan of a service type, held against what a tenant wants. */
public final class Offer {

    private final ServiceType type;
    private final Plan plan;
    private final Function<Map<String, Object>, List<Map<String, String>>> parameterErrors;

    /** @param parameterErrors all that is wrong with given parameters */
    Offer(ServiceType type, Plan plan, Function<Map<String, Object>, List<Map<String, String>>> parameterErrors) {
        this.type = type;
        this.plan = plan;
        this.parameterErrors = parameterErrors;
    }

    public ServiceType type() {
        return type;
    }

    public Plan plan() {
        return plan;
    }

    /**
     * What new instances run.
     *
     * @throws Problem {@link CatalogProblem#NO_IMAGE}
     */
    public String image() {
        return type.image()
                .orElseThrow(() -> new Problem(
                        CatalogProblem.NO_IMAGE, "No image is pinned for service type '" + type.name() + "' yet."));
    }

    /**
     * Passes if the parameters keep to the plan's schema.
     *
     * @throws Problem {@link CatalogProblem#PARAMETERS_INVALID} with all that is wrong in {@code errors}
     */
    public void checkParameters(Map<String, Object> parameters) {
        var errors = parameterErrors.apply(parameters);
        if (!errors.isEmpty()) {
            throw new Problem(
                    CatalogProblem.PARAMETERS_INVALID,
                    errors.size() + (errors.size() == 1 ? " parameter breaks" : " parameters break")
                            + " the schema of plan '" + plan.name() + "'.",
                    Map.of("errors", errors));
        }
    }

    /**
     * The parameters as tasks get them: each under the configuration key that its schema names in
     * {@code configurationKey}, or else under its own name.
     */
    public Map<String, Object> configuration(Map<String, Object> parameters) {
        var configuration = new LinkedHashMap<String, Object>();
        parameters.forEach((name, value) -> configuration.put(key(name), value));
        return configuration;
    }

    private String key(String parameter) {
        return plan.parametersSchema().get("properties") instanceof Map<?, ?> properties
                        && properties.get(parameter) instanceof Map<?, ?> schema
                        && schema.get(Plan.CONFIGURATION_KEY) instanceof String key
                ? key
                : parameter;
    }

    /**
     * Passes if the plan's tasks can carry the load, so that no order is taken only to be refused by the scheduler; how large the tasks are remains the scheduler's business.
     *
     * @throws Problem {@link CatalogProblem#LOAD_TOO_LARGE} with the next plan or load that fits in {@code nearest}
     */
    public void checkLoad(LoadProfile load) {
        long calls = OrderedLoad.of(service(), profile(load)).calls();
        long capacity = capacity(plan);
        if (calls <= capacity) {
            return;
        }
        var nearest = new LinkedHashMap<String, Object>();
        type.plans().stream()
                .filter(other -> calls <= capacity(other))
                .findFirst()
                .ifPresent(other -> nearest.put("plan", other.name()));
        nearest.put("callsPerHour", OrderedLoad.mostCallsPerHour(service(), profile(load), capacity));
        throw new Problem(
                CatalogProblem.LOAD_TOO_LARGE,
                "Calls at once: up to %d (calls an hour: %d, seconds each: %d). Plan '%s' carries %d (tasks: %d, calls each: %d)."
                        .formatted(
                                calls,
                                load.callsPerHour(),
                                load.averageHandlingSeconds(),
                                plan.name(),
                                capacity,
                                plan.maxTasks() - plan.spareTasks(),
                                type.consumption().maxCallsPerTask()),
                Map.of("nearest", nearest));
    }

    private static io.switchboard.capacity.demand.LoadProfile profile(LoadProfile load) {
        return io.switchboard.capacity.demand.LoadProfile.busiest(
                load.agents(), load.callsPerHour(), load.averageHandlingSeconds());
    }

    /** What decides how calls become calls at once: the first of what its tasks do. */
    private String service() {
        return type.consumption().work().getFirst().service();
    }

    /** Calls at once that the plan's tasks carry, while its spare ones carry none. */
    private long capacity(Plan of) {
        return (long) (of.maxTasks() - of.spareTasks()) * type.consumption().maxCallsPerTask();
    }

    static String shortened(String wanted) {
        return wanted.length() <= 64 ? wanted : wanted.substring(0, 64) + "…";
    }
}
