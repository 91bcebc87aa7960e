package io.switchboard.console.rollout;

import io.switchboard.console.page.Size;
import io.switchboard.console.page.Tone;
import io.switchboard.contracts.scheduling.RolloutsApi.RevisionView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One revision in the list. */
record RevisionRow(
        long number,
        String image,
        Size perTask,
        State state,
        Tone tone,
        Instant createdAt,
        @Nullable Instant retiredAt) {

    /** Digits of a digest that tell it from others, and leave a table its width. */
    private static final int DIGITS = 12;

    enum State {
        WANTED,
        LEAVING,
        RETIRED
    }

    static RevisionRow of(RevisionView revision) {
        State state = state(revision);
        Tone tone = switch (state) {
            case WANTED -> Tone.GOOD;
            case LEAVING -> Tone.BUSY;
            case RETIRED -> Tone.QUIET;
        };
        return new RevisionRow(
                revision.number(),
                revision.image(),
                Size.of(revision.perTask()),
                state,
                tone,
                revision.createdAt(),
                revision.retiredAt().orElse(null));
    }

    private static State state(RevisionView revision) {
        if (revision.wanted()) {
            return State.WANTED;
        }
        return revision.retiredAt().isPresent() ? State.RETIRED : State.LEAVING;
    }

    public boolean isWanted() {
        return state == State.WANTED;
    }

    public String shortImage() {
        int digest = image.indexOf("sha256:");
        int end = digest + "sha256:".length() + DIGITS;
        return digest < 0 || end >= image.length() ? image : image.substring(0, end) + "…";
    }
}
