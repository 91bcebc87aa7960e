package io.switchboard.access.balancer;

import io.switchboard.access.endpoint.Drift;
import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.contracts.access.BalancersApi;
import io.switchboard.contracts.identity.Caller;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class BalancersController implements BalancersApi {

    private static final String OPERATORS = "Balancers are shown to operators only.";

    private final AgentWatch watch;
    private final EndpointRegistry registry;

    BalancersController(AgentWatch watch, EndpointRegistry registry) {
        this.watch = watch;
        this.registry = registry;
    }

    @Override
    public List<BalancerView> balancers(@Nullable Caller caller) {
        Caller.operator(caller, OPERATORS);
        return watch.views();
    }

    @Override
    public List<DriftView> drifts(@Nullable Caller caller) {
        Caller.operator(caller, OPERATORS);
        return registry.agents().drifts().entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(drift -> view(entry.getKey(), drift)))
                .sorted(Comparator.comparing(DriftView::noticedAt).reversed())
                .toList();
    }

    private static DriftView view(String balancer, Drift drift) {
        return new DriftView(
                balancer,
                drift.rightUntil(),
                drift.noticedAt(),
                drift.repairedAt(),
                drift.count(),
                drift.differences().stream()
                        .map(difference ->
                                new DifferenceView(difference.what(), difference.wanted(), difference.found()))
                        .toList());
    }
}
