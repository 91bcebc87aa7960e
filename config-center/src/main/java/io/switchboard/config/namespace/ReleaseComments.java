package io.switchboard.config.namespace;

import java.util.Optional;
import java.util.Set;

/**
 * Comments of a namespace's releases as they were looked at.
 *
 * @param released of the release in effect
 * @param numbers of the releases that have some; empty while there is no place for them
 */
record ReleaseComments(Comments released, Optional<Set<Long>> numbers) {

    static final ReleaseComments NONE = new ReleaseComments(Comments.NONE, Optional.empty());

    boolean has(long release) {
        return numbers.filter(known -> known.contains(release)).isPresent();
    }
}
