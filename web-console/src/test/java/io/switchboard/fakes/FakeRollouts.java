package io.switchboard.fakes;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.contracts.scheduling.RolloutsApi;
import jakarta.validation.Valid;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class FakeRollouts implements RolloutsApi {

    private final World world;

    FakeRollouts(World world) {
        this.world = world;
    }

    @Override
    public RolloutView rollout(UUID instanceId, @Nullable Caller caller) {
        return world.rollout(instanceId, FakeOrders.signedIn(caller));
    }

    @Override
    public RolloutView pause(UUID instanceId, @Nullable Caller caller) {
        return steer(instanceId, caller, "pause", course -> {
            course.pause = Optional.of(new Pause(who(caller), Instant.now()));
        });
    }

    @Override
    public RolloutView resume(UUID instanceId, @Nullable Caller caller) {
        return steer(instanceId, caller, "go on", course -> course.pause = Optional.empty());
    }

    @Override
    public RolloutView abort(UUID instanceId, @Nullable Caller caller) {
        underWay(instanceId, caller);
        if (rollout(instanceId, caller).backTo().isEmpty()) {
            throw new Problem(FakeProblem.NOTHING_BEFORE, "The instance had no revision before this one.");
        }
        world.abort(instanceId, who(caller));
        return rollout(instanceId, caller);
    }

    @Override
    public RolloutView promote(UUID instanceId, @Nullable Caller caller) {
        underWay(instanceId, caller);
        if (rollout(instanceId, caller).trial().isEmpty()) {
            throw new Problem(FakeProblem.NO_TRIAL, "No tasks of the instance are on trial.");
        }
        return steer(instanceId, caller, "let all tasks follow those on trial", course -> {
            course.trial = Optional.empty();
            course.pause = Optional.empty();
        });
    }

    @Override
    public RolloutView force(UUID instanceId, @Nullable Caller caller) {
        if (rollout(instanceId, caller).draining().isEmpty()) {
            underWay(instanceId, caller);
        }
        return steer(instanceId, caller, "wait neither for calls nor for the balancer", course -> {
            course.forced = course.underWay;
            course.draining = List.of();
            course.cutCalls = 3;
            course.note("Task 0 was stopped with 3 calls, which were cut: it was wanted by hand.");
        });
    }

    @Override
    public RolloutView rollBack(UUID instanceId, @Valid @RequestBody RollbackRequest request, @Nullable Caller caller) {
        var to = revisions(instanceId, caller).stream()
                .filter(one -> one.number() == request.revision())
                .findFirst()
                .orElseThrow(() -> new Problem(
                        FakeProblem.UNKNOWN_REVISION,
                        "Revision " + request.revision() + " isn't there, or not kept any more."));
        world.runAgain(instanceId, to, request.canary(), who(caller));
        return rollout(instanceId, caller);
    }

    @Override
    public RolloutView restart(UUID instanceId, String taskId, @Nullable Caller caller) {
        rollout(instanceId, caller);
        world.replace(instanceId, taskId, who(caller));
        return rollout(instanceId, caller);
    }

    @Override
    public List<HistoryEntry> history(UUID instanceId, @Nullable Integer limit, @Nullable Caller caller) {
        rollout(instanceId, caller);
        return world.course(instanceId).history.stream()
                .limit(limit == null ? 100 : limit)
                .toList();
    }

    @Override
    public List<RevisionView> revisions(UUID instanceId, @Nullable Caller caller) {
        rollout(instanceId, caller);
        return List.copyOf(world.course(instanceId).revisions);
    }

    private void underWay(UUID instanceId, @Nullable Caller caller) {
        if (!rollout(instanceId, caller).underWay()) {
            throw new Problem(FakeProblem.NOTHING_UNDER_WAY, "Everything of the instance is as desired.");
        }
    }

    private RolloutView steer(UUID instanceId, @Nullable Caller caller, String what, Consumer<Course> change) {
        rollout(instanceId, caller);
        world.steer(instanceId, course -> {
            change.accept(course);
            String who = who(caller);
            course.note(Character.toUpperCase(who.charAt(0)) + who.substring(1) + " wants: " + what + ".");
        });
        return rollout(instanceId, caller);
    }

    private static String who(@Nullable Caller caller) {
        return FakeOrders.signedIn(caller).is(Role.OPERATOR) ? "an operator" : "the tenant";
    }

    static Problem noSuchTask() {
        return new Problem(RequestProblem.NOT_FOUND, "The instance has no such task.");
    }
}
