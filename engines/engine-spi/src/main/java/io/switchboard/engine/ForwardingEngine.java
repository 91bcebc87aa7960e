package io.switchboard.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Passes every call on to another engine; for those that do more with a few of them. */
public abstract class ForwardingEngine implements Engine {

    private final Engine engine;

    protected ForwardingEngine(Engine engine) {
        this.engine = engine;
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
    public void lead(long epoch) {
        engine.lead(epoch);
    }

    @Override
    public Acceptance ensure(Workload workload) {
        return engine.ensure(workload);
    }

    @Override
    public void stopTasks(String workload, Set<String> taskIds) {
        engine.stopTasks(workload, taskIds);
    }

    @Override
    public void remove(String workload) {
        engine.remove(workload);
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
    public Map<String, Map<String, Integer>> placements() {
        return engine.placements();
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
    public Optional<Usage> usage(String taskId) {
        return engine.usage(taskId);
    }

    @Override
    public List<String> logTail(String taskId, int lines) {
        return engine.logTail(taskId, lines);
    }

    @Override
    public LogPart logAfter(String taskId, Optional<String> after, int lines) {
        return engine.logAfter(taskId, after, lines);
    }

    @Override
    public void onChange(ChangeListener listener) {
        engine.onChange(listener);
    }
}
