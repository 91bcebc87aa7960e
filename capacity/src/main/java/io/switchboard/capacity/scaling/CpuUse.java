package io.switchboard.capacity.scaling;

/**
 * CPU in use in the last moments.
 *
 * @param share of what each task has, on average over the tasks, 0 or more
 * @param tasks that carry calls and are past their start, at least 1; calls don't move to younger ones at once
 */
public record CpuUse(double share, int tasks) {

    public CpuUse {
        if (!(share >= 0) || tasks < 1) {
            throw new IllegalArgumentException(
                    "there must be tasks and a share of 0 or more but were " + tasks + ", " + share);
        }
    }
}
