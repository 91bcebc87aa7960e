package io.switchboard.scheduling.leadership;

import io.switchboard.engine.Acceptance;
import io.switchboard.engine.Engine;
import io.switchboard.engine.ForwardingEngine;
import io.switchboard.engine.Workload;
import java.util.Set;

/** See {@link Term#fence}. Whoever looks is let through. */
final class FencedEngine extends ForwardingEngine {

    private final Term term;

    FencedEngine(Engine engine, Term term) {
        super(engine);
        this.term = term;
    }

    @Override
    public Acceptance ensure(Workload workload) {
        term.check();
        return super.ensure(workload);
    }

    @Override
    public void stopTasks(String workload, Set<String> taskIds) {
        term.check();
        super.stopTasks(workload, taskIds);
    }

    @Override
    public void remove(String workload) {
        term.check();
        super.remove(workload);
    }
}
