package io.switchboard.scheduling.deployment;

import java.util.Optional;

/** What a tenant or an operator wants of a rollout, beside orders. */
public sealed interface Intervention {

    record Pause(String by) implements Intervention {}

    record Resume() implements Intervention {}

    record Abort(String by) implements Intervention {}

    record Promote() implements Intervention {}

    record Force() implements Intervention {}

    record RollBack(Revision to, Optional<Course.Canary> canary) implements Intervention {}

    record Restart(String taskId) implements Intervention {}

    /**
     * So many tasks for the load there is, which may be more or fewer than ordered.
     *
     * @param decidedFrom what was desired when that was decided; anything else by now takes precedence
     */
    record Scale(Deployment.Desired decidedFrom, int tasks, String why) implements Intervention {}

    /** All tasks move, because some run on a node that is emptied; new revisions keep off it. */
    record Vacate(String host) implements Intervention {}
}
