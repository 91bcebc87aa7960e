package io.switchboard.console.operations;

import io.switchboard.console.instance.DeploymentPart;
import io.switchboard.console.page.Tone;
import java.util.List;

/**
 * The whole fleet in five figures.
 *
 * @param needAttention deployments that don't get on by themselves
 * @param moving deployments that are being rolled out
 */
record FleetSummary(int deployments, long needAttention, long moving, int readyTasks, int wantedTasks) {

    static FleetSummary of(List<DeploymentPart> deployments) {
        return new FleetSummary(
                deployments.size(),
                deployments.stream().filter(one -> one.tone() == Tone.BAD).count(),
                deployments.stream().filter(one -> one.tone() == Tone.BUSY).count(),
                deployments.stream().mapToInt(DeploymentPart::ready).sum(),
                deployments.stream().mapToInt(DeploymentPart::wanted).sum());
    }
}
