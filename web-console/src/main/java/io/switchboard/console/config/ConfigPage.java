package io.switchboard.console.config;

import io.switchboard.contracts.config.ConfigApi.ClientView;
import io.switchboard.contracts.config.ConfigApi.NamespaceView;
import io.switchboard.contracts.config.ConfigApi.ReleaseView;
import io.switchboard.contracts.config.FreezeApi.FreezeView;
import io.switchboard.contracts.config.HistoryApi.DraftView;
import io.switchboard.contracts.config.HistoryApi.ItemOrigin;
import io.switchboard.contracts.config.ReviewApi.Decision;
import io.switchboard.contracts.config.ReviewApi.ReviewState;
import io.switchboard.contracts.config.ReviewApi.ReviewView;
import io.switchboard.contracts.config.ReviewApi.Submission;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one instance as its page shows it.
 *
 * @param takenBackBy the rollback in effect that took back some of the changes; null if there is none
 * @param freeze that holds now; null if there is none
 */
record ConfigPage(
        long revision,
        List<ItemRow> items,
        List<ChangeRow> changes,
        @Nullable ReleaseView takenBackBy,
        @Nullable FreezeView freeze,
        ReviewPart review,
        @Nullable ReleaseView release,
        List<ReleaseView> releases,
        List<ClientRow> clients) {

    static ConfigPage of(
            NamespaceView namespace,
            DraftView draft,
            List<ItemOrigin> origins,
            ReviewView review,
            List<ReleaseView> releases,
            List<ClientView> clients) {
        long current = namespace.release().map(ReleaseView::number).orElse(0L);
        return new ConfigPage(
                namespace.revision(),
                items(namespace, origins),
                draft.changes().stream().map(ChangeRow::of).toList(),
                draft.takenBackBy().orElse(null),
                draft.freeze().orElse(null),
                ReviewPart.of(review),
                namespace.release().orElse(null),
                releases,
                clients.stream().map(client -> ClientRow.of(client, current)).toList());
    }

    /** A name for a canary; another one with each form. */
    public String newCanary() {
        return "console-" + UUID.randomUUID();
    }

    /** A name for a release to be scheduled; another one with each form. */
    public String newSchedule() {
        return "console-" + UUID.randomUUID();
    }

    /**
     * What the review of the draft lets the viewer do.
     *
     * @param shown whether the page speaks of a review at all
     * @param required whether nothing is published without one
     * @param state as the config center names it
     */
    record ReviewPart(
            boolean shown,
            boolean required,
            String state,
            @Nullable Submission submission,
            @Nullable Decision decision,
            boolean maySubmit,
            boolean mayDecide,
            boolean mayPublish) {

        static ReviewPart of(ReviewView review) {
            boolean approved = review.state() == ReviewState.APPROVED;
            boolean none = review.state() == ReviewState.NONE;
            return new ReviewPart(
                    review.required() || !review.mayPublish() || !none,
                    review.required(),
                    review.state().name(),
                    review.submission().orElse(null),
                    review.decision().orElse(null),
                    none,
                    review.mayDecide(),
                    review.mayPublish() && (approved || !review.required()));
        }
    }

    private static List<ItemRow> items(NamespaceView namespace, List<ItemOrigin> origins) {
        Map<String, String> all = new TreeMap<>(namespace.released());
        all.putAll(namespace.items());
        Map<String, ItemOrigin> byKey = origins.stream().collect(Collectors.toMap(ItemOrigin::key, origin -> origin));
        return all.keySet().stream()
                .map(key -> new ItemRow(
                        key,
                        namespace.released().get(key),
                        namespace.items().get(key),
                        said(namespace, key),
                        byKey.get(key)))
                .toList();
    }

    /** In the draft, or else in what clients read. */
    private static @Nullable String said(NamespaceView namespace, String key) {
        return namespace.items().containsKey(key)
                ? namespace.comments().orElse(Map.of()).get(key)
                : namespace.releasedComments().orElse(Map.of()).get(key);
    }

    /**
     * @param released what clients read; null if they don't know the key
     * @param draft null if it is taken out
     * @param comment null if there is none
     * @param origin which release made it so; null if clients don't know the key
     */
    record ItemRow(
            String key,
            @Nullable String released,
            @Nullable String draft,
            @Nullable String comment,
            @Nullable ItemOrigin origin) {

        public boolean isChanged() {
            return released == null || !released.equals(draft);
        }
    }

    /**
     * @param current whether it runs the release in effect
     * @param canary whether it is chosen for the canary that runs
     * @param labels in one line; empty if it has none
     */
    record ClientRow(
            String client,
            long release,
            Instant since,
            @Nullable String problem,
            boolean current,
            boolean canary,
            String labels) {

        static ClientRow of(ClientView view, long newest) {
            return new ClientRow(
                    view.client(),
                    view.release(),
                    view.since(),
                    view.problem().orElse(null),
                    view.release() == newest,
                    view.canary().isPresent(),
                    view.labels().stream()
                            .flatMap(labels -> labels.entrySet().stream())
                            .map(label -> label.getKey() + "=" + label.getValue())
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
    }
}
