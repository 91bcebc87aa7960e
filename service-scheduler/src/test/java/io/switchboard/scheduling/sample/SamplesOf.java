package io.switchboard.scheduling.sample;

import io.switchboard.scheduling.SchedulerDatabase;

/** Samples in a database of a test's own. */
public final class SamplesOf {

    private SamplesOf() {}

    public static Samples database(SchedulerDatabase database) {
        return new Samples(database.jdbc(), database.transaction());
    }
}
