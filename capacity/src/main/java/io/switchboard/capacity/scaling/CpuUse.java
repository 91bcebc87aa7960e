package io.switchboard.capacity.scaling;

/** What is known of the CPU that tasks use. */
public sealed interface CpuUse {

    /** Nothing measures it here, so that calls alone decide. */
    record NotMeasured() implements CpuUse {}

    /** It is measured, but of none of these tasks lately. */
    record NotKnown() implements CpuUse {}

    /**
     * In use in the last moments.
     *
     * @param share of what each task has, on average over the tasks, 0 or more
     * @param tasks that were measured, at least 1; not those that start, as calls don't move to them at once
     */
    record Measured(double share, int tasks) implements CpuUse {

        public Measured {
            if (!(share >= 0) || tasks < 1) {
                throw new IllegalArgumentException(
                        "there must be tasks and a share of 0 or more but were " + tasks + ", " + share);
            }
        }
    }
}
