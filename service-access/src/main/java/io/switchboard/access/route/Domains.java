package io.switchboard.access.route;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
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

    /**
     * @param path what the domain meant from then on, or last
     * @param by who brought it about: a caller's subject, or empty where the platform did by itself
     */
    public record Event(
            Instant at,
            String domain,
            // Absent in what earlier versions stored.
            @JsonSetter(nulls = Nulls.AS_EMPTY) String path,
            What what,
            String by) {

        public Event {
            Objects.requireNonNull(at);
            Objects.requireNonNull(domain);
            path = path.isEmpty() ? Route.Path.WHOLE_HOST : path;
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
        return new Domains(others.toList(), noted(next, what, by, now));
    }

    /** Without it; the same if there is none of this name. */
    public Domains without(String name, What what, String by, Instant now) {
        return named(name)
                .map(gone -> new Domains(
                        claimed.stream()
                                .filter(domain -> !domain.name().equals(name))
                                .toList(),
                        noted(gone, what, by, now)))
                .orElse(this);
    }

    Domains each(UnaryOperator<Domain> change) {
        return new Domains(claimed.stream().map(change).toList(), events);
    }

    private List<Event> noted(Domain domain, What what, String by, Instant now) {
        return Stream.concat(Stream.of(new Event(now, domain.name(), domain.path(), what, by)), events.stream())
                .limit(MOST_EVENTS)
                .toList();
    }
}
