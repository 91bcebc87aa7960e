package io.switchboard.contracts.scheduling;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How far the observed tasks are from what was asked for. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
    @JsonSubTypes.Type(value = DeploymentStatus.Planned.class, name = "PLANNED"),
    @JsonSubTypes.Type(value = DeploymentStatus.RollingOut.class, name = "ROLLING_OUT"),
    @JsonSubTypes.Type(value = DeploymentStatus.Steady.class, name = "STEADY"),
    @JsonSubTypes.Type(value = DeploymentStatus.Stuck.class, name = "STUCK"),
    @JsonSubTypes.Type(value = DeploymentStatus.RolledBack.class, name = "ROLLED_BACK"),
    @JsonSubTypes.Type(value = DeploymentStatus.Refused.class, name = "REFUSED"),
    @JsonSubTypes.Type(value = DeploymentStatus.Removed.class, name = "REMOVED")
})
public sealed interface DeploymentStatus {

    /** A sentence for people, with figures. */
    String message();

    /** The capacity plan is made and stored; nothing has started yet. */
    record Planned(int tasks, Resources perTask, String message) implements DeploymentStatus {}

    record RollingOut(int ready, int wanted, String message) implements DeploymentStatus {}

    /** Every wanted task is ready and in the balancer, and nothing else runs. */
    record Steady(int tasks, String message) implements DeploymentStatus {}

    /** No progress for longer than the patience allows; it goes on by itself when the cause is gone. */
    record Stuck(int ready, int wanted, String message) implements DeploymentStatus {}

    /**
     * The order was given up on the way, by hand or because its canary did worse; the deployment goes back to where it
     * was before.
     *
     * @param revision what runs from now on
     */
    record RolledBack(long revision, String message) implements DeploymentStatus {}

    /** The order can't be carried out and changed nothing. */
    record Refused(String code, String message, String remedy) implements DeploymentStatus {}

    record Removed(String message) implements DeploymentStatus {}
}
