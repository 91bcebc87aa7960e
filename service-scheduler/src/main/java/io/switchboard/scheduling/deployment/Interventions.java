package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Stores what interventions bring about, with a note of who wanted them. */
@Component
public class Interventions {

    private static final Logger log = LoggerFactory.getLogger(Interventions.class);

    /** The reconciler writes, too, but a handful of times for each change of the engine. */
    private static final int MOST_ATTEMPTS = 20;

    private final JdbcDeployments deployments;
    private final DeploymentListener listener;
    private final Clock clock;

    Interventions(JdbcDeployments deployments, DeploymentListener listener, Clock clock) {
        this.deployments = deployments;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Durable when it returns.
     *
     * @param read the deployment as it is now
     * @param who in words
     * @throws Problem {@link RolloutProblem}, if there is nothing that it could do
     */
    public Deployment carryOut(Supplier<Deployment> read, Intervention intervention, String who) {
        for (int i = 0; i < MOST_ATTEMPTS; i++) {
            var before = read.get();
            var after = InterventionRules.decide(before, intervention, clock.instant());
            if (after.equals(before)) {
                return before;
            }
            try {
                var saved = deployments.change(before, after, note(who, words(intervention)));
                log.info(
                        "{} wants: {}; instance {} of tenant {}, revision {}",
                        who,
                        words(intervention),
                        saved.id(),
                        saved.instance().tenant(),
                        saved.desired().revision());
                listener.changed(List.of(saved.id()));
                return saved;
            } catch (StaleDeployment e) {
                // Read again, decide again.
            }
        }
        throw new Problem(RolloutProblem.OVERTAKEN, "The deployment was changed by others again and again.");
    }

    /** Of a caller, in words. */
    public static String who(@Nullable Caller caller) {
        return caller != null && caller.is(Role.OPERATOR) ? "an operator" : "the tenant";
    }

    /** Notes a wish that changes no deployment by itself. */
    public void note(UUID instanceId, String wanted, String who) {
        deployments.note(instanceId, List.of(note(who, wanted)));
    }

    private Note note(String who, String wanted) {
        return new Note(clock.instant(), capital("%s wants: %s.".formatted(who, wanted)));
    }

    /** Moves those of the instances off a node that run, and of which nothing is under way. */
    public void vacate(Collection<UUID> instanceIds, String host) {
        deployments.find(instanceIds).stream()
                .filter(one -> one.goal() == Goal.RUN && one.told().settled())
                .forEach(one -> vacate(one.id(), host));
    }

    private void vacate(UUID id, String host) {
        try {
            carryOut(
                    () -> deployments.find(List.of(id)).getFirst(),
                    new Intervention.Vacate(host),
                    "the drain of its node");
        } catch (Problem refused) {
            log.debug("instance {} does not move: {}", id, refused.detail());
        }
    }

    private static String words(Intervention intervention) {
        return switch (intervention) {
            case Intervention.Pause pause -> "pause";
            case Intervention.Resume resume -> "go on";
            case Intervention.Abort abort -> "abort";
            case Intervention.Promote promote -> "let all tasks follow those on trial";
            case Intervention.Force force -> "wait neither for calls nor for the balancer";
            case Intervention.RollBack back ->
                "back to what revision " + back.to().number() + " ran";
            case Intervention.Restart restart -> "replace task " + restart.taskId();
            case Intervention.Scale scale -> scale.tasks() + (scale.tasks() == 1 ? " task" : " tasks");
            case Intervention.Vacate vacate -> "move off node " + vacate.host();
        };
    }

    private static String capital(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
