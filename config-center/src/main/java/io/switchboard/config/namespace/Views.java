package io.switchboard.config.namespace;

import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.ClientReport.Trials;
import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.Secret;
import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.config.ConfigApi.Change;
import io.switchboard.contracts.config.ConfigApi.ClientView;
import io.switchboard.contracts.config.ConfigApi.CommentChange;
import io.switchboard.contracts.config.ConfigApi.NamespaceView;
import io.switchboard.contracts.config.ConfigApi.ReleaseView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What is stored in the form that goes over the wire. */
final class Views {

    private Views() {}

    static NamespaceView of(NamespacePath path, NamespaceState state) {
        return new NamespaceView(
                path.tenant(),
                path.application(),
                path.stage(),
                path.namespace(),
                state.revision(),
                state.draft().values(),
                state.released().values(),
                state.release().map(Views::of),
                changes(state.inEffect(), state.drafted()),
                format(path),
                of(state.drafted().comments()),
                of(state.comments().released()));
    }

    static ConfigApi.Format format(NamespacePath path) {
        return ConfigApi.Format.valueOf(Format.of(path.namespace()).name());
    }

    /** Absent if there are none. */
    static Optional<Map<String, String>> of(Comments comments) {
        return comments.isEmpty() ? Optional.empty() : Optional.of(comments.byKey());
    }

    static List<Change> changes(Content before, Content after) {
        return after.changedSince(before).stream()
                .map(key -> change(before, after, key))
                .toList();
    }

    private static Change change(Content contentBefore, Content contentAfter, String key) {
        Items before = contentBefore.items();
        Items after = contentAfter.items();
        boolean encrypted = before.secrets().containsKey(key) || after.secrets().containsKey(key);
        return new Change(
                key,
                shown(before, key),
                shown(after, key),
                Optional.empty(),
                encrypted ? Optional.of(true) : Optional.empty(),
                comment(contentBefore.comments(), contentAfter.comments(), key));
    }

    private static Optional<CommentChange> comment(Comments before, Comments after, String key) {
        String was = before.byKey().get(key);
        String is = after.byKey().get(key);
        return Objects.equals(was, is)
                ? Optional.empty()
                : Optional.of(new CommentChange(Optional.ofNullable(was), Optional.ofNullable(is)));
    }

    /** A value, or who set it where it is encrypted. */
    static Optional<String> shown(Items items, String key) {
        Secret secret = items.secrets().get(key);
        return secret == null
                ? Optional.ofNullable(items.values().get(key))
                : Optional.of("(encrypted, set by " + secret.setBy() + " at " + secret.setAt() + ")");
    }

    static Change withLines(Change change) {
        return change.with(LineDifference.between(change.before(), change.after()));
    }

    static ReleaseView of(Release release) {
        return new ReleaseView(
                release.number(),
                release.author(),
                release.message(),
                release.at(),
                release.pointer().hash(),
                release.restores().isPresent() ? Optional.of(release.restores().getAsLong()) : Optional.empty());
    }

    /** Marked if it is or was a canary's. */
    static ReleaseView of(Release release, CanaryLog canaries) {
        return canaries.mark(release).map(of(release)::with).orElseGet(() -> of(release));
    }

    static ClientView of(ClientReport report, Optional<Instant> lateSince, Optional<Canary> canary) {
        return new ClientView(
                report.client(),
                report.release(),
                report.since(),
                report.problem(),
                lateSince,
                report.trials().map(Trials::labels),
                canary.filter(report::isChosenBy).map(Canary::id));
    }
}
