package io.switchboard.access.balancer;

import io.switchboard.contracts.access.BalancersApi;
import io.switchboard.contracts.identity.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class BalancersController implements BalancersApi {

    private static final String OPERATORS = "Balancers are shown to operators only.";

    private final AgentWatch watch;

    BalancersController(AgentWatch watch) {
        this.watch = watch;
    }

    @Override
    public List<BalancerView> balancers(@Nullable Caller caller) {
        Caller.operator(caller, OPERATORS);
        return watch.views();
    }
}
