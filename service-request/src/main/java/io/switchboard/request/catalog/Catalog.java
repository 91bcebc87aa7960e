package io.switchboard.request.catalog;

import io.switchboard.contracts.ordering.CatalogApi.Plan;
import io.switchboard.contracts.ordering.CatalogApi.ServiceType;
import io.switchboard.contracts.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Service types and plans, with the image each type runs now. Everything is answered from memory. */
public final class Catalog {

    private final ParameterChecks checks;
    private final List<ServiceType> types;
    private final ImagePins pins;

    Catalog(List<ServiceType> types, ImagePins pins) {
        this.types = List.copyOf(types);
        this.checks = new ParameterChecks(types);
        this.pins = pins;
    }

    List<ServiceType> types() {
        var answer = new ArrayList<ServiceType>();
        types.forEach(type -> answer.add(withImage(type)));
        return answer;
    }

    Optional<ServiceType> find(String name) {
        return types.stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .map(this::withImage);
    }

    /**
     * The plan of a service type.
     *
     * @throws Problem {@link CatalogProblem#UNKNOWN_SERVICE_TYPE} or {@link CatalogProblem#UNKNOWN_PLAN}
     */
    public Offer offer(String serviceType, String plan) {
        var type = find(serviceType)
                .orElseThrow(() -> new Problem(
                        CatalogProblem.UNKNOWN_SERVICE_TYPE,
                        "There is no service type '" + Offer.shortened(serviceType) + "'.",
                        Map.of("known", types.stream().map(ServiceType::name).toList())));
        var chosen = type.plans().stream()
                .filter(each -> each.name().equals(plan))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        CatalogProblem.UNKNOWN_PLAN,
                        "Service type '" + type.name() + "' has no plan '" + Offer.shortened(plan) + "'.",
                        Map.of("known", type.plans().stream().map(Plan::name).toList())));
        return new Offer(type, chosen, parameters -> checks.errors(type.name(), chosen.name(), parameters));
    }

    private ServiceType withImage(ServiceType type) {
        return new ServiceType(
                type.name(),
                type.title(),
                type.description(),
                pins.image(type.name()),
                type.ports(),
                type.consumption(),
                type.plans());
    }
}
