package io.switchboard.scheduling.leadership;

/** Chooses one of those who stand. It may err for a moment; the epoch of {@link Epochs} is what decides. */
interface Election {

    /** Both return at once. */
    interface Candidate {
        void chosen();

        /** Also when that only can't be ruled out. */
        void deposed();
    }

    /** Stands until {@link #withdraw}; the candidate may be chosen and deposed many times. */
    void stand(Candidate candidate);

    /** Stands no more, so that another is chosen at once; the candidate hears nothing further. */
    void withdraw();

    /** Whether one who was overtaken may stand again. */
    boolean again();
}
