package io.switchboard.scheduling.rollout;

import io.switchboard.engine.Engine;
import io.switchboard.scheduling.deployment.DeploymentListener;
import io.switchboard.scheduling.leadership.Term;
import io.switchboard.scheduling.leadership.TermListener;
import java.time.Duration;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Has a reconciler for each term of this scheduler, and hands on what it hears while another leads. */
final class ReconcilesWhileLeading implements TermListener, DeploymentListener {

    /** Whoever is to lead next waits for it. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Function<Term, Reconciler> reconcilers;
    private final Engine engine;
    private final DeploymentListener leaderElsewhere;
    private volatile @Nullable Reconciler reconciler;

    ReconcilesWhileLeading(Function<Term, Reconciler> reconcilers, Engine engine, DeploymentListener leaderElsewhere) {
        this.reconcilers = reconcilers;
        this.engine = engine;
        this.leaderElsewhere = leaderElsewhere;
        engine.onChange(this::hint);
    }

    @Override
    public void began(Term term) {
        engine.lead(term.epoch());
        var fresh = reconcilers.apply(term);
        fresh.start();
        reconciler = fresh;
    }

    /** What waits is refused by then, so only what has begun already may take its time. */
    @Override
    public boolean ended(Term term) {
        var last = reconciler;
        reconciler = null;
        if (last == null) {
            return true;
        }
        boolean quiet = last.stop(GRACE);
        // Whoever leads by now has looked at everything already, maybe before these changed.
        tellLeader(last.unfinished());
        return quiet;
    }

    @Override
    public void changed(Collection<UUID> instanceIds) {
        ifLeading(instanceIds);
        // Also if it has ended meanwhile.
        if (reconciler == null) {
            tellLeader(instanceIds);
        }
    }

    private void tellLeader(Collection<UUID> instanceIds) {
        if (!instanceIds.isEmpty()) {
            leaderElsewhere.changed(instanceIds);
        }
    }

    void ifLeading(Collection<UUID> instanceIds) {
        var now = reconciler;
        if (now != null) {
            now.changed(instanceIds);
        }
    }

    /** The leader's own engine hints too. */
    private void hint(String workload) {
        var now = reconciler;
        if (now != null) {
            now.hint(workload);
        }
    }
}
