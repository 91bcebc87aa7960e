package io.switchboard.scheduling.leadership;

/** Whoever wanted to act for a term may not any more, or can't tell; a later leader does it, or this one later. */
public final class LeadershipLost extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LeadershipLost(long epoch, String why) {
        super("epoch " + epoch + ": " + why, null, false, false);
    }
}
