package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.Problem;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Gives what was published to those who inherit it: at once by the center that published, and by every center's regular look,
 * which also finds what one left that died, and what had to wait for a canary to end.
 */
@Component
class HeirsWatch {

    private static final Logger log = LoggerFactory.getLogger(HeirsWatch.class);

    private final Ensemble ensemble;
    private final Heirs heirs;
    private final Releases releases;
    private final Audit audit;
    private final Set<NamespacePath> published = ConcurrentHashMap.newKeySet();

    HeirsWatch(Ensemble ensemble, Heirs heirs, Releases releases, Audit audit) {
        this.ensemble = ensemble;
        this.heirs = heirs;
        this.releases = releases;
        this.audit = audit;
        releases.onRelease(published::add);
    }

    @Scheduled(fixedDelayString = "PT0.2S")
    void giveWhatWasPublished() {
        // Others on this thread must not wait for an ensemble that is gone.
        if (!published.isEmpty() && ensemble.connected()) {
            for (NamespacePath parent : published) {
                published.remove(parent);
                giveToHeirsOf(parent);
            }
        }
    }

    @Scheduled(fixedDelayString = "PT30S")
    void lookAtAll() {
        if (ensemble.connected()) {
            try {
                heirs.parents().forEach(this::giveToHeirsOf);
            } catch (Problem e) {
                log.debug("heirs are not looked at: {}", e.detail());
            }
        }
    }

    private void giveToHeirsOf(NamespacePath parent) {
        try {
            heirs.of(parent).forEach(this::give);
        } catch (Problem e) {
            // The regular look finds what is left.
            log.debug("heirs of {} wait: {}", parent, e.detail());
        }
    }

    /** One that can't have it keeps no other one waiting. */
    private void give(NamespacePath heir) {
        try {
            releases.inheritAnew(heir).ifPresent(audit::published);
        } catch (Problem e) {
            log.debug("{} inherits later: {}", heir, e.detail());
        } catch (RuntimeException e) {
            log.warn("{} can't inherit what was published", heir, e);
        }
    }
}
