package io.switchboard.scheduling.rollout;

import io.switchboard.engine.Acceptance;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.Task;
import io.switchboard.engine.Usage;
import io.switchboard.engine.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** An engine in simulated time: slow to start, slow to stop, with tasks that die, fall ill and get well again. */
final class SimulatedEngine implements Engine {

    /** One task; a mutable thing in a world of its own. */
    static final class Body {
        final String id;
        final int restarts;
        Task.State state = Task.State.STARTING;
        int ticksLeft;

        Body(String id, int restarts, int ticksLeft) {
            this.id = id;
            this.restarts = restarts;
            this.ticksLeft = ticksLeft;
        }

        Task seen() {
            return new Task(id, "10.0.0.1", Map.of("http", 80), state, "simulated", Instant.EPOCH, restarts);
        }

        boolean lives() {
            return state != Task.State.STOPPING;
        }
    }

    private record App(Workload workload, List<Body> bodies) {}

    private final Random random;
    private final Map<String, App> apps = new LinkedHashMap<>();
    private int named;
    boolean silent;
    boolean calm;

    SimulatedEngine(Random random) {
        this.random = random;
    }

    /** Tasks that ever were. */
    int started() {
        return named;
    }

    List<Body> bodies() {
        return apps.values().stream().flatMap(app -> app.bodies().stream()).toList();
    }

    List<Body> bodies(String workload) {
        var app = apps.get(workload);
        return app == null ? List.of() : app.bodies();
    }

    void tick() {
        for (var app : apps.values()) {
            for (var body : List.copyOf(app.bodies())) {
                tick(app, body);
            }
        }
    }

    private void tick(App app, Body body) {
        if (body.ticksLeft > 0) {
            body.ticksLeft--;
            return;
        }
        switch (body.state) {
            case STOPPING -> app.bodies().remove(body);
            case STARTING -> body.state = Task.State.READY;
            case UNHEALTHY -> body.state = Task.State.READY;
            case READY -> {
                if (!calm && random.nextInt(150) == 0) {
                    app.bodies().remove(body);
                    app.bodies().add(body(body.restarts + 1));
                } else if (!calm && random.nextInt(100) == 0) {
                    body.state = Task.State.UNHEALTHY;
                    body.ticksLeft = random.nextInt(5);
                }
            }
        }
    }

    private Body body(int restarts) {
        return new Body("task-" + named++, restarts, random.nextInt(6));
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Acceptance ensure(Workload workload) {
        answer();
        var app = apps.computeIfAbsent(workload.name(), name -> new App(workload, new ArrayList<>()));
        if (!app.workload().differsAtMostInTasks(workload)) {
            return new Acceptance.Refused(Acceptance.Reason.INVALID, "another workload has that name");
        }
        while (app.bodies().stream().filter(Body::lives).count() < workload.tasks()) {
            app.bodies().add(body(0));
        }
        return new Acceptance.Accepted();
    }

    @Override
    public void stopTasks(String workload, Set<String> taskIds) {
        answer();
        bodies(workload).stream()
                .filter(body -> taskIds.contains(body.id))
                .filter(Body::lives)
                .forEach(body -> {
                    body.state = Task.State.STOPPING;
                    body.ticksLeft = random.nextInt(4);
                });
    }

    @Override
    public void remove(String workload) {
        answer();
        apps.remove(workload);
    }

    @Override
    public List<Task> tasks(String workload) {
        answer();
        return bodies(workload).stream().map(Body::seen).toList();
    }

    @Override
    public Set<String> workloads() {
        answer();
        return new HashSet<>(apps.keySet());
    }

    @Override
    public Optional<Usage> usage(String taskId) {
        return Optional.empty();
    }

    @Override
    public List<String> logTail(String taskId, int lines) {
        return List.of();
    }

    @Override
    public void onChange(ChangeListener listener) {}

    private void answer() {
        if (silent) {
            throw new EngineUnavailable(name(), new IllegalStateException("simulated"));
        }
    }
}
