package io.switchboard.samples.acd.routing;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** How a call finds its agent. Whatever the strategy, only agents with the call's skill are considered. */
public enum RoutingStrategy {
    /** The one who has waited longest: spreads work evenly. */
    LONGEST_IDLE,
    /** One after the other by id, starting behind the agent who got the last call. */
    ROUND_ROBIN,
    /** The one who has answered the fewest calls since the log-in; among equals the longest idle. */
    FEWEST_CALLS,
    /** The one who is best at it; among equals the one with the fewest other skills, then the longest idle. */
    SKILL_BASED;

    private static final Comparator<Candidate> BY_IDLE_TIME =
            comparing(Candidate::idleSince).thenComparing(Candidate::agent);

    /**
     * Picks the agent for one call; empty if nobody has the skill. The order of the candidates plays no part.
     *
     * @param last who got the call before, of any skill
     */
    public Optional<String> choose(String skill, Collection<Candidate> idle, Optional<String> last) {
        var able = idle.stream().filter(candidate -> candidate.skills().contains(skill));
        var order = switch (this) {
            case LONGEST_IDLE -> BY_IDLE_TIME;
            case ROUND_ROBIN -> behind(last.orElse(""));
            case FEWEST_CALLS -> comparingInt(Candidate::calls).thenComparing(BY_IDLE_TIME);
            case SKILL_BASED ->
                comparingInt((Candidate candidate) -> candidate.skills().indexOf(skill))
                        .thenComparingInt(candidate -> candidate.skills().size())
                        .thenComparing(BY_IDLE_TIME);
        };
        return able.min(order).map(Candidate::agent);
    }

    /** The name in settings and answers: {@code longest-idle}. */
    public String settingName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Comparator<Candidate> behind(String last) {
        return comparing((Candidate candidate) -> candidate.agent().compareTo(last) <= 0)
                .thenComparing(Candidate::agent);
    }
}
