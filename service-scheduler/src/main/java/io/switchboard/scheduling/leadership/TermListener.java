package io.switchboard.scheduling.leadership;

/** Acts for the terms of this process, one after the other. Called by one thread, never for two terms at once. */
public interface TermListener {

    /** The term has begun, and nobody acts for an earlier one. */
    void began(Term term);

    /**
     * The term is over; {@link Term#check} refuses already.
     *
     * @return whether nothing runs any more that was begun for it
     */
    boolean ended(Term term);
}
