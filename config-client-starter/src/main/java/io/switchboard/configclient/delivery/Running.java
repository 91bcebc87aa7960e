package io.switchboard.configclient.delivery;

import io.switchboard.configclient.delivery.RunningRelease.Source;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/** What the application runs with in each namespace, and what it has refused. Read by any thread, changed in turns. */
final class Running {

    private static final Log log = LogFactory.getLog(Running.class);

    private final Map<NamespacePath, RunningRelease> now = new ConcurrentHashMap<>();
    private final Map<NamespacePath, Refusal> refused = new HashMap<>();
    private final Function<List<Release>, Outcome> application;
    private final Clock clock;

    private record Refusal(Pointer release, String reason) {}

    Running(Collection<RunningRelease> started, Function<List<Release>, Outcome> application, Clock clock) {
        started.forEach(release -> now.put(release.path(), release));
        this.application = application;
        this.clock = clock;
    }

    Set<NamespacePath> paths() {
        return now.keySet();
    }

    /** In no order. */
    List<RunningRelease> all() {
        return List.copyOf(now.values());
    }

    boolean isAt(NamespacePath path, Pointer release) {
        return of(path).release().equals(release);
    }

    /** The release in effect is the one that runs. */
    void confirmed(NamespacePath path) {
        refused.remove(path);
        now.put(path, of(path).confirmed());
    }

    /** Something keeps it from being known what is in effect, or from being had. */
    void troubled(NamespacePath path, String reason) {
        now.put(path, of(path).troubledBy(reason));
    }

    /**
     * Takes over all these releases, which are in effect and don't run yet, in one step. If the application refuses that,
     * what it has not refused before is offered without the rest: a namespace that stays behind doesn't hold up the others.
     *
     * @return those that run now
     */
    List<Release> take(List<Release> waiting) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Release> fresh =
                waiting.stream().filter(release -> !isRefused(release)).toList();
        if (fresh.isEmpty()) {
            waiting.forEach(release -> staysBehind(release.path()));
            return List.of();
        }
        Outcome outcome = offer(waiting);
        if (outcome instanceof Outcome.TakenOver) {
            return waiting;
        }
        if (fresh.size() < waiting.size()) {
            waiting.stream().filter(this::isRefused).forEach(release -> staysBehind(release.path()));
            outcome = offer(fresh);
        }
        if (outcome instanceof Outcome.Refused refusal) {
            fresh.forEach(release -> refuse(release, refusal.reason()));
            return List.of();
        }
        return fresh;
    }

    /**
     * Takes over what ran before a canary that is over, though another release is in effect: one that the application has
     * refused, unless it is this one.
     *
     * @return false if it refuses that, too
     */
    boolean goBackTo(Release release) {
        Refusal refusal = refused.get(release.path());
        if (!(offer(List.of(release)) instanceof Outcome.TakenOver)) {
            return false;
        }
        if (refusal != null && !refusal.release().equals(release.pointer())) {
            refused.put(release.path(), refusal);
            troubled(release.path(), refusal.reason());
        }
        return true;
    }

    private Outcome offer(List<Release> releases) {
        Outcome outcome = application.apply(releases);
        if (outcome instanceof Outcome.TakenOver) {
            releases.forEach(this::runs);
        }
        return outcome;
    }

    private void runs(Release release) {
        NamespacePath path = release.path();
        refused.remove(path);
        log.info("Namespace " + path.namespace() + " is at release " + release.number());
        now.put(path, new RunningRelease(path, release.pointer(), clock.instant(), Source.ZOOKEEPER, Optional.empty()));
    }

    private boolean isRefused(Release release) {
        return hasRefused(release.path(), release.pointer());
    }

    boolean hasRefused(NamespacePath path, Pointer release) {
        Refusal refusal = refused.get(path);
        return refusal != null && refusal.release().equals(release);
    }

    /** The release that the application did not take over; empty if there is none. In turns. */
    OptionalLong refused(NamespacePath path) {
        Refusal refusal = refused.get(path);
        return refusal == null
                ? OptionalLong.empty()
                : OptionalLong.of(refusal.release().number());
    }

    private void refuse(Release release, String why) {
        NamespacePath path = release.path();
        String reason = "release " + release.number() + " is refused: " + why;
        refused.put(path, new Refusal(release.pointer(), reason));
        log.warn("Namespace " + path.namespace() + " stays at release " + of(path).number() + ", " + reason);
        troubled(path, reason);
    }

    /** What it has refused is still to be taken over. */
    void staysBehind(NamespacePath path) {
        Refusal refusal = refused.get(path);
        if (refusal != null) {
            troubled(path, refusal.reason());
        }
    }

    RunningRelease of(NamespacePath path) {
        RunningRelease release = now.get(path);
        if (release == null) {
            throw new IllegalStateException("not followed: " + path);
        }
        return release;
    }
}
