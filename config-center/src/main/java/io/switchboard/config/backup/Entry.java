package io.switchboard.config.backup;

/**
 * One thing that the center keeps.
 *
 * @param revision of a draft, which reviews, schedules and users name; of a build, its place by age; 0 for all else
 * @param content as it was stored
 */
record Entry(Address address, int revision, byte[] content) {

    /** A request to ZooKeeper has a mebibyte at most, and this must fit in one. */
    static final int LARGEST = 1_000_000;
}
