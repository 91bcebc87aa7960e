package io.switchboard.capacity.scaling;

/**
 * CPU in use in the last moments.
 *
 * @param share of what each task has, on average over the tasks, 0 or more
 * @param tasks that were measured, at least 1; not those that start, as calls don't move to them at once
 */
public record CpuUse(double share, int tasks) {

    public CpuUse {
        if (!(share >= 0) || tasks < 1) {
            throw new IllegalArgumentException(
                    "there must be tasks and a share of 0 or more but were " + tasks + ", " + share);
        }
    }
}
