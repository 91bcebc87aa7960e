package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.namespace.Inheritance.Heritage;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Fault;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.ProblemCode;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Gives what was published to those who inherit it: at once by the center that published, and by every center's regular look,
 * which also finds what one left that died, and what had to wait for a canary to end. On a thread of its own: what else is
 * scheduled doesn't wait for a thousand heirs.
 */
@Component
class HeirsWatch {

    /** Of what is tried again, and nobody need do anything about; nor about what is {@code BUSY}. */
    private static final Set<ProblemCode> PASSING = Set.of(RequestProblem.CONFLICT, ConfigProblem.STALE_REVISION);

    private static final Logger log = LoggerFactory.getLogger(HeirsWatch.class);

    private final Ensemble ensemble;
    private final Heirs heirs;
    private final Namespaces namespaces;
    private final Inheritance inheritance;
    private final NextReleases releases;
    private final WaitingHeirs waiting;
    private final Set<NamespacePath> published = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean busy = new AtomicBoolean();

    HeirsWatch(
            Ensemble ensemble,
            Heirs heirs,
            Namespaces namespaces,
            Inheritance inheritance,
            NextReleases releases,
            WaitingHeirs waiting,
            UntoldReleases told) {
        this.ensemble = ensemble;
        this.heirs = heirs;
        this.namespaces = namespaces;
        this.inheritance = inheritance;
        this.releases = releases;
        this.waiting = waiting;
        told.onRelease(published::add);
    }

    @Scheduled(fixedDelayString = "PT0.2S")
    void beginToGive() {
        if (!published.isEmpty() && ensemble.connected()) {
            begin(this::giveWhatWasPublished);
        }
    }

    @Scheduled(fixedDelayString = "PT30S")
    void beginToLook() {
        if (ensemble.connected()) {
            begin(this::lookAtAll);
        }
    }

    /** Unless the last one still runs. */
    private void begin(Runnable work) {
        if (busy.compareAndSet(false, true)) {
            Thread.ofVirtual().name("config-heirs").start(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    log.warn("heirs are not looked at", e);
                } finally {
                    busy.set(false);
                }
            });
        }
    }

    private void giveWhatWasPublished() {
        List<NamespacePath> parents = List.copyOf(published);
        // First: what is published from now on is looked at once more.
        published.removeAll(parents);
        try {
            heirs.inherited(parents).forEach(this::giveToHeirsOf);
        } catch (Problem e) {
            published.addAll(parents);
            log.debug("heirs wait: {}", e.detail());
        }
    }

    private void lookAtAll() {
        try {
            for (NamespacePath parent : heirs.parents()) {
                giveToHeirsOf(parent);
                // What is published meanwhile waits for none of this.
                giveWhatWasPublished();
            }
            // Behind nobody any more: it has it by another center, or inherits it no longer.
            waiting.all().forEach(this::give);
        } catch (Problem e) {
            log.debug("heirs are not looked at: {}", e.detail());
        }
    }

    private void giveToHeirsOf(NamespacePath parent) {
        try {
            heirs.behind(parent).forEach(this::give);
        } catch (Problem e) {
            // The regular look finds what is left.
            log.debug("heirs of {} wait: {}", parent, e.detail());
        }
    }

    /** One that can't have it keeps no other one waiting. */
    private void give(NamespacePath heir) {
        try {
            if (inheritAnew(heir)) {
                waiting.end(heir);
            }
        } catch (Problem e) {
            if (e.code().fault() == Fault.BUSY || PASSING.contains(e.code())) {
                log.debug("{} inherits later: {}", heir, e.detail());
            } else {
                waiting.begin(heir, e);
            }
        } catch (RuntimeException e) {
            waiting.begin(heir, e);
        }
    }

    /**
     * Makes a release of the same items on top of what they inherit now, unless that is what it has already, and not while a canary
     * runs. Whoever published that had what it needs, so it needs no review and heeds no freeze.
     *
     * @return whether it has all that it inherits
     */
    private boolean inheritAnew(NamespacePath path) {
        NamespaceState state = namespaces.read(path);
        if (state.canary().isPresent()) {
            return false;
        }
        if (state.release().isEmpty()) {
            return true;
        }
        Release release = state.release().get();
        Heritage heritage = inheritance.of(path, release.items());
        Optional<String> news = Inheritance.news(release, heritage);
        if (news.isPresent()) {
            var wish = new NextRelease(path, state, state.inEffect(), release.restores(), Optional.empty(), heritage);
            releases.makeAnewByItself(wish, news.get(), "release.inherit");
        }
        return true;
    }
}
