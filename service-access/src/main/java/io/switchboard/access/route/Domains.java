package io.switchboard.access.route;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The domains of one instance, and what became of them.
 *
 * @param claimed no name twice, in the order in which they were claimed
 * @param events the latest first, at most {@value #MOST_EVENTS}
 */
public record Domains(List<Domain> claimed, List<Event> events) {

    public static final Domains NONE = new Domains(List.of(), List.of());

    static final int MOST_EVENTS = 30;

    public Domains {
        claimed = List.copyOf(claimed);
        events = List.copyOf(events);
        if (claimed.stream().map(Domain::name).distinct().count() < claimed.size()) {
            throw new IllegalArgumentException("domains must be named once each");
        }
    }

    /** @param by who brought it about: a caller's subject, or empty where the platform did by itself */
    public record Event(Instant at, String domain, What what, String by) {

        public Event {
            Objects.requireNonNull(at);
            Objects.requireNonNull(domain);
            Objects.requireNonNull(what);
            Objects.requireNonNull(by);
        }
    }

    /** What became of a domain. */
    public enum What {
        CLAIMED,
        PORT_CHANGED,
        PATH_CHANGED,
        VERIFIED,
        /** DNS no longer shows the token. */
        RECORD_MISSING,
        RECORD_BACK,
        /** Nobody is led by it any more, because the token was missing for too long. */
        RELEASED,
        /** The claim is gone, because DNS never showed the token. */
        EXPIRED,
        MOVED_HERE,
        MOVED_AWAY,
        DELETED
    }

    public Optional<Domain> named(String name) {
        return claimed.stream().filter(domain -> domain.name().equals(name)).findFirst();
    }

    /** Those that lead callers here. */
    public Stream<Domain> verified() {
        return claimed.stream().filter(Domain::verified);
    }

    /** With this one in place of the one of the same name, or at the end. */
    public Domains with(Domain next, What what, String by, Instant now) {
        var others = named(next.name()).isPresent()
                ? claimed.stream().map(domain -> domain.name().equals(next.name()) ? next : domain)
                : Stream.concat(claimed.stream(), Stream.of(next));
        return new Domains(others.toList(), noted(next.name(), what, by, now));
    }

    /** Without it; the same if there is none of this name. */
    public Domains without(String name, What what, String by, Instant now) {
        return named(name).isEmpty()
                ? this
                : new Domains(
                        claimed.stream()
                                .filter(domain -> !domain.name().equals(name))
                                .toList(),
                        noted(name, what, by, now));
    }

    Domains each(UnaryOperator<Domain> change) {
        return new Domains(claimed.stream().map(change).toList(), events);
    }

    private List<Event> noted(String name, What what, String by, Instant now) {
        return Stream.concat(Stream.of(new Event(now, name, what, by)), events.stream())
                .limit(MOST_EVENTS)
                .toList();
    }
}
