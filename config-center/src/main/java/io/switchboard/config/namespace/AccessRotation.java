package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.secret.AccessKeys;
import io.switchboard.config.secret.AccessKeys.Ending;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Puts another access key in the place of those of a stage, and retires them at their time. Each center looks. */
@Component
class AccessRotation {

    private static final Logger log = LoggerFactory.getLogger(AccessRotation.class);

    private final Ensemble ensemble;
    private final Namespaces namespaces;
    private final Resealing sealing;
    private final AccessKeys keys;
    private final Audit audit;
    private final Clock clock;

    AccessRotation(
            Ensemble ensemble, Namespaces namespaces, Resealing sealing, AccessKeys keys, Audit audit, Clock clock) {
        this.ensemble = ensemble;
        this.namespaces = namespaces;
        this.sealing = sealing;
        this.keys = keys;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * May be repeated, and goes on where it was cut off. While a canary runs, tasks don't get the new key yet: each center looks for
     * its end.
     *
     * @throws Problem {@link ConfigProblem#ROTATION_UNFINISHED} if there is no overlap and old keys can't be retired yet; the center
     *     retires them as soon as it can
     */
    void rotate(NamespacePath stage, String id, Duration overlap, Caller caller) {
        if (namespaces.names(stage).isEmpty()) {
            throw new Problem(RequestProblem.NOT_FOUND, "The application has no configuration in this stage.");
        }
        PublishRules.checkPublisher(namespaces.read(stage).rules(), caller);
        AccessKeys.Begun begun = keys.begin(stage, id, overlap, caller.person());
        if (begun.changed()) {
            audit.accessKeysRotated(stage, Callers.actor(caller), id, overlap);
        }
        Optional<Problem> waits = sealed(stage, caller.person());
        if (overlap.isZero()) {
            if (waits.isPresent()) {
                throw new Problem(
                        ConfigProblem.ROTATION_UNFINISHED,
                        "The access key '" + id + "' is there, and the others are not retired yet. "
                                + waits.get().detail(),
                        waits.get().properties());
            }
            retire(new Ending(stage, begun.end()), true);
        }
    }

    /** What it waits for; empty if tasks that start get the newest key. */
    private Optional<Problem> sealed(NamespacePath stage, String author) {
        try {
            seal(stage, Optional.of(author));
            return Optional.empty();
        } catch (Problem e) {
            if (e.code().equals(ConfigProblem.CANARY_RUNS)) {
                return Optional.of(e);
            }
            throw e;
        }
    }

    /**
     * Before tasks get it.
     *
     * @param author empty if no call asks for it now
     */
    private void seal(NamespacePath stage, Optional<String> author) {
        String newest = keys.newestKeyId(stage);
        for (String name : namespaces.names(stage)) {
            sealing.sealFor(stage.sibling(name), newest, author);
        }
        keys.sealed(stage, newest);
    }

    @Scheduled(fixedDelayString = "PT1S")
    void retireDue() {
        Instant now = clock.instant();
        endings().stream().filter(ending -> !ending.at().isAfter(now)).forEach(this::retireIfPossible);
    }

    /** What a center left that went, or what waited for a canary to end. */
    @Scheduled(fixedDelayString = "PT30S")
    void goOn() {
        for (Ending ending : endings()) {
            try {
                if (!keys.isSealed(ending.stage())) {
                    seal(ending.stage(), Optional.empty());
                }
            } catch (RuntimeException e) {
                log.debug("tasks of {} get their next access key later", ending.stage(), e);
            }
        }
    }

    /** One that can't be retired keeps no other one waiting. */
    private void retireIfPossible(Ending ending) {
        try {
            retire(ending, false);
        } catch (RuntimeException e) {
            log.warn("the access keys of {} that are due are not retired", ending.stage(), e);
        }
    }

    /** @param asked whether a call asks for it now */
    private void retire(Ending ending, boolean asked) {
        keys.retireDue(ending.stage(), ending.at(), asked).forEach(id -> audit.accessKeyRetired(ending.stage(), id));
    }

    /** None without an ensemble: nothing is to wait for it. */
    private List<Ending> endings() {
        if (!ensemble.connected()) {
            return List.of();
        }
        try {
            return ensemble.children(Ending.PARENT).stream()
                    .flatMap(name -> Ending.of(name).stream())
                    .toList();
        } catch (Problem unavailable) {
            log.debug("access keys that retire wait: {}", unavailable.detail());
            return List.of();
        }
    }
}
