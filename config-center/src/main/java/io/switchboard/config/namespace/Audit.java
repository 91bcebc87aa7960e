package io.switchboard.config.namespace;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.config.CanaryApi.CanaryView;
import io.switchboard.contracts.config.FreezeApi.FreezeView;
import io.switchboard.contracts.config.ScheduleApi.ScheduledView;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Who changed which keys, as lines of the logger {@code audit.config}; values are never among it. */
@Component
class Audit {

    private static final Logger log = LoggerFactory.getLogger("audit.config");

    /** Nothing if nothing is other than before. */
    void edited(NamespacePath path, String author, long revision, Collection<String> keys) {
        if (!keys.isEmpty()) {
            log.info(
                    "draft changed: namespace={} author={} revision={} keys={}",
                    path,
                    line(author),
                    revision,
                    line(keys.toString()));
        }
    }

    void published(Releases.Made made) {
        Release release = made.release();
        made.overridden()
                .ifPresent(overridden ->
                        overridden(release.path(), release.author(), overridden.freeze(), overridden.reason()));
        made.accepted()
                .ifPresent(accepted -> log.warn(
                        "check overridden: namespace={} author={} keys={} reason={}",
                        release.path(),
                        line(release.author()),
                        line(accepted.keys().toString()),
                        line(accepted.reason())));
        log.info(
                "release published: namespace={} author={} release={} restores={} keys={}",
                release.path(),
                line(release.author()),
                release.number(),
                release.restores().isPresent() ? release.restores().getAsLong() : "-",
                release.items().changedSince(made.before()));
    }

    void submitted(NamespacePath path, Review review) {
        log.info(
                "review asked for: namespace={} author={} revision={}",
                path,
                line(review.submission().by()),
                review.revision());
    }

    void decided(NamespacePath path, Review review) {
        log.info(
                "review decided: namespace={} author={} revision={} state={}",
                path,
                review.decision().map(decision -> line(decision.by())).orElse("-"),
                review.revision(),
                review.state());
    }

    void schemaChanged(NamespacePath path, String author, boolean set) {
        log.info("schema {}: namespace={} author={}", set ? "set" : "taken away", path, line(author));
    }

    void rulesChanged(NamespacePath path, String author, StageRules rules) {
        log.info(
                "stage rules changed: stage={}/{}/{} author={} review={} publishers={}",
                path.tenant(),
                path.application(),
                path.stage(),
                line(author),
                rules.review(),
                line(rules.publishers().toString()));
    }

    void frozen(NamespacePath path, String author, FreezeView freeze) {
        log.info(
                "freeze set: stage={}/{} author={} id={} application={} from={} until={} reason={}",
                path.tenant(),
                path.stage(),
                line(author),
                freeze.id(),
                freeze.application().map(Audit::line).orElse("-"),
                freeze.from(),
                freeze.until(),
                line(freeze.reason()));
    }

    void thawed(NamespacePath path, String author, String id) {
        log.info("freeze ended: stage={}/{} author={} id={}", path.tenant(), path.stage(), line(author), line(id));
    }

    private static void overridden(NamespacePath path, String author, FreezeView freeze, String reason) {
        log.warn(
                "freeze overridden: namespace={} author={} id={} reason={}",
                path,
                line(author),
                freeze.id(),
                line(reason));
    }

    void scheduled(NamespacePath stage, ScheduledView scheduled) {
        log.info(
                "release scheduled: stage={}/{}/{} author={} id={} at={} revisions={}",
                stage.tenant(),
                stage.application(),
                stage.stage(),
                line(scheduled.by()),
                scheduled.id(),
                scheduled.at(),
                scheduled.revisions());
    }

    void cancelled(NamespacePath stage, String id, String author) {
        log.info(
                "scheduled release cancelled: stage={}/{}/{} author={} id={}",
                stage.tenant(),
                stage.application(),
                stage.stage(),
                line(author),
                id);
    }

    void scheduleFailed(NamespacePath stage, ScheduledView failed) {
        log.warn(
                "scheduled release failed: stage={}/{}/{} author={} id={} problem={}",
                stage.tenant(),
                stage.application(),
                stage.stage(),
                line(failed.by()),
                failed.id(),
                line(failed.problem().orElse("-")));
    }

    void canaryStarted(NamespacePath stage, CanaryView canary) {
        log.info(
                "canary started: stage={}/{}/{} author={} id={} releases={}",
                stage.tenant(),
                stage.application(),
                stage.stage(),
                line(canary.by()),
                canary.id(),
                canary.releases());
    }

    /** @param overridden freezes that were not heeded, by namespace */
    void canaryChosen(
            NamespacePath stage,
            CanaryView canary,
            String author,
            SortedMap<NamespacePath, Releases.Overridden> overridden) {
        overridden.forEach((path, one) -> overridden(path, author, one.freeze(), one.reason()));
        log.info(
                "canary given to others: stage={}/{}/{} author={} id={}",
                stage.tenant(),
                stage.application(),
                stage.stage(),
                line(author),
                canary.id());
    }

    void canaryEnded(NamespacePath stage, CanaryView canary) {
        log.info(
                "canary over: stage={}/{}/{} author={} id={} state={} reason={}",
                stage.tenant(),
                stage.application(),
                stage.stage(),
                canary.endedBy().map(Audit::line).orElse("-"),
                canary.id(),
                canary.state(),
                canary.reason().map(Audit::line).orElse("-"));
    }

    void dataKeyRotated(NamespacePath path, String author) {
        log.info("data key rotated: namespace={} author={}", path, line(author));
    }

    void masterKeyRotated(String author, String id) {
        log.info("master key rotated: author={} id={}", line(author), id);
    }

    void deleted(NamespacePath application, String author, List<NamespacePath> namespaces) {
        log.warn(
                "configuration deleted: application={}/{} author={} namespaces={}",
                application.tenant(),
                application.application(),
                line(author),
                namespaces);
    }

    /** @param opens whether with what opens encrypted items */
    void accessGiven(NamespacePath path, String key, String author, boolean opens) {
        log.info(
                "read access given: application={}/{} stage={} key={} author={} opens={}",
                path.tenant(),
                path.application(),
                path.stage(),
                key,
                line(author),
                opens);
    }

    void buildLeft(NamespacePath application, String author, String build) {
        log.info(
                "build left: application={}/{} author={} build={}",
                application.tenant(),
                application.application(),
                line(author),
                build);
    }

    void readerKeyIssued(NamespacePath application, String author, String key) {
        log.info(
                "reader key issued: application={}/{} author={} key={}",
                application.tenant(),
                application.application(),
                line(author),
                key);
    }

    void readerKeysRotated(NamespacePath application, String author, String key, Duration overlap) {
        log.info(
                "reader keys rotated: application={}/{} author={} key={} overlap={}",
                application.tenant(),
                application.application(),
                line(author),
                key,
                overlap);
    }

    void accessKeysRotated(NamespacePath stage, String author, String key, Duration overlap) {
        log.info(
                "access keys rotated: stage={}/{}/{} author={} key={} overlap={}",
                stage.tenant(),
                stage.application(),
                stage.stage(),
                line(author),
                key,
                overlap);
    }

    void accessKeyRetired(NamespacePath stage, String key) {
        log.warn(
                "access key retired: stage={}/{}/{} author=- key={}",
                stage.tenant(),
                stage.application(),
                stage.stage(),
                key);
    }

    void readerKeyRetired(NamespacePath application, String author, String key) {
        log.warn(
                "reader key retired: application={}/{} author={} key={}",
                application.tenant(),
                application.application(),
                line(author),
                key);
    }

    /** In one line, whatever was sent. */
    private static String line(String author) {
        return author.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", "?");
    }
}
