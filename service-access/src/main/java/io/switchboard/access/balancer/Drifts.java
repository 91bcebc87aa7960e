package io.switchboard.access.balancer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.access.endpoint.Drift;
import io.switchboard.access.endpoint.Drift.Difference;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When a balancer did something else than it was told. */
public final class Drifts {

    private static final Logger log = LoggerFactory.getLogger(Drifts.class);

    private final String program;
    private final Clock clock;
    private final Counter repairs;

    /** Latest first. */
    private volatile List<Drift> latest = List.of();

    private Optional<Instant> rightUntil = Optional.empty();
    /** What the last look found, unless all was right after it. */
    private Set<Difference> unrepaired = Set.of();

    /**
     * @param program for operators
     * @param meter that counts them
     */
    public Drifts(String program, String meter, Clock clock, MeterRegistry meters) {
        this.program = program;
        this.clock = clock;
        this.repairs = Counter.builder(meter)
                .description("times " + program + " did something else than it was told")
                .register(meters);
    }

    public List<Drift> latest() {
        return latest;
    }

    public long count() {
        return (long) repairs.count();
    }

    /** What can't be repaired is noticed again and again, and is one drift all the same. */
    public synchronized void noticed(List<Difference> differences) {
        var news = differences.stream()
                .filter(difference -> !unrepaired.contains(difference))
                .toList();
        unrepaired = Set.copyOf(differences);
        if (news.isEmpty()) {
            return;
        }
        var drift = Drift.noticed(rightUntil.orElseGet(clock::instant), clock.instant(), news);
        repairs.increment();
        log.warn(
                "{} does something else than it was told, and is put right: {} things, the first are {}",
                program,
                drift.count(),
                drift.differences());
        latest = Stream.concat(Stream.of(drift), latest.stream())
                .limit(Drift.MOST_KEPT)
                .toList();
    }

    /** It does what it was told, and did so then. */
    public synchronized void right(Instant then) {
        var now = clock.instant();
        unrepaired = Set.of();
        rightUntil = Optional.of(then);
        latest = latest.stream()
                .map(drift -> drift.repairedAt().isEmpty() ? drift.repaired(now) : drift)
                .toList();
    }
}
