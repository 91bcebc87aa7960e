package io.switchboard.scheduling.leadership;

import io.switchboard.engine.Acceptance;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.Node;
import io.switchboard.engine.Task;
import io.switchboard.engine.Usage;
import io.switchboard.engine.Workload;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** See {@link Term#fence}. Whoever looks is let through. */
final class FencedEngine implements Engine {

    private final Engine engine;
    private final Term term;

    FencedEngine(Engine engine, Term term) {
        this.engine = engine;
        this.term = term;
    }

    @Override
    public void lead(long epoch) {
        engine.lead(epoch);
    }

    @Override
    public Acceptance ensure(Workload workload) {
        term.check();
        return engine.ensure(workload);
    }

    @Override
    public void stopTasks(String workload, Set<String> taskIds) {
        term.check();
        engine.stopTasks(workload, taskIds);
    }

    @Override
    public void remove(String workload) {
        term.check();
        engine.remove(workload);
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public Set<Capability> capabilities() {
        return engine.capabilities();
    }

    @Override
    public List<Node> nodes() {
        return engine.nodes();
    }

    @Override
    public void cordon(Set<String> hosts) {
        engine.cordon(hosts);
    }

    @Override
    public List<Task> tasks(String workload) {
        return engine.tasks(workload);
    }

    @Override
    public Optional<String> shortfall(String workload) {
        return engine.shortfall(workload);
    }

    @Override
    public Set<String> workloads() {
        return engine.workloads();
    }

    @Override
    public Optional<Usage> usage(String taskId) {
        return engine.usage(taskId);
    }

    @Override
    public List<String> logTail(String taskId, int lines) {
        return engine.logTail(taskId, lines);
    }

    @Override
    public void onChange(ChangeListener listener) {
        engine.onChange(listener);
    }
}
