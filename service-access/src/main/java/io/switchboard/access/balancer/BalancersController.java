package io.switchboard.access.balancer;

import io.switchboard.access.balancer.haproxy.HaproxyProperties;
import io.switchboard.access.endpoint.Drift;
import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.endpoint.PresentedCertificate;
import io.switchboard.contracts.access.BalancersApi;
import io.switchboard.contracts.identity.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class BalancersController implements BalancersApi {

    private static final String OPERATORS = "Balancers are shown to operators only.";

    private final AgentWatch watch;
    private final EndpointRegistry registry;
    private final Duration certificateWarning;
    private final Clock clock;

    BalancersController(AgentWatch watch, EndpointRegistry registry, HaproxyProperties haproxy, Clock clock) {
        this.watch = watch;
        this.registry = registry;
        this.certificateWarning = haproxy.certificateWarning();
        this.clock = clock;
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

    @Override
    public List<CertificateView> certificates(@Nullable Caller caller) {
        Caller.operator(caller, OPERATORS);
        var now = clock.instant();
        return registry.agents().presented().entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .map(one -> new CertificateView(
                                entry.getKey(), one.file(), one.names(), one.notAfter(), standing(one, now))))
                .sorted(Comparator.comparing(CertificateView::notAfter)
                        .thenComparing(CertificateView::balancer)
                        .thenComparing(CertificateView::file))
                .toList();
    }

    @Override
    public List<UnreadableView> unreadable(@Nullable Caller caller) {
        Caller.operator(caller, OPERATORS);
        return registry.unreadable().stream()
                .map(record -> new UnreadableView(record.key(), record.reason(), record.since()))
                .toList();
    }

    private CertificateStanding standing(PresentedCertificate one, Instant now) {
        if (!one.notAfter().isAfter(now)) {
            return CertificateStanding.ENDED;
        }
        return one.notAfter().isBefore(now.plus(certificateWarning))
                ? CertificateStanding.ENDING
                : CertificateStanding.VALID;
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
