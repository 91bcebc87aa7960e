package io.switchboard.scheduling.deployment;

/** All deployments, for those who may change them only while they lead. */
@FunctionalInterface
public interface FencedDeployments {

    /**
     * The deployments, whose {@link Deployments#save} carries the epoch: once a later one is stored, the statement that
     * would write changes nothing, and save throws {@link io.switchboard.scheduling.leadership.LeadershipLost}.
     */
    Deployments under(long epoch);
}
