package io.switchboard.scheduling.leadership;

/** Without ZooKeeper a scheduler takes itself for the only one. If there is another, the one that started last leads. */
final class AloneElection implements Election {

    @Override
    public void stand(Candidate candidate) {
        candidate.chosen();
    }

    @Override
    public void withdraw() {}

    /** Or two of them would take turns for ever. */
    @Override
    public boolean again() {
        return false;
    }
}
