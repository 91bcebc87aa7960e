package io.switchboard.access.endpoint;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Without etcd there is no other agent than this process's. */
final class OwnReport implements AgentReports {

    private volatile @Nullable AgentReport own;
    private volatile Map<String, List<Drift>> drifts = Map.of();
    private volatile Map<String, List<PresentedCertificate>> presented = Map.of();

    @Override
    public void say(AgentReport report) {
        own = report;
    }

    @Override
    public void drifted(String id, List<Drift> own) {
        drifts = Map.of(id, List.copyOf(own));
    }

    @Override
    public Map<String, List<Drift>> drifts() {
        return drifts;
    }

    @Override
    public void presented(String id, List<PresentedCertificate> own) {
        presented = Map.of(id, List.copyOf(own));
    }

    @Override
    public Map<String, List<PresentedCertificate>> presented() {
        return presented;
    }

    @Override
    public void withdraw() {
        own = null;
    }

    @Override
    public void fallSilent() {
        own = null;
    }

    @Override
    public Collection<Heard> heard() {
        var report = own;
        return report == null ? List.of() : List.of(new Heard(report, true));
    }

    @Override
    public void onChange(Runnable listener) {
        // Nobody else says anything.
    }
}
