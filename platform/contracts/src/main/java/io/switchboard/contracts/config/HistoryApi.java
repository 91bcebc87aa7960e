package io.switchboard.contracts.config;

import io.switchboard.contracts.config.ConfigApi.Change;
import io.switchboard.contracts.config.ConfigApi.ReleaseView;
import io.switchboard.contracts.config.FreezeApi.FreezeView;
import io.switchboard.contracts.identity.Caller;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** Where what is read, and what waits, comes from. Parameters as with {@link ConfigApi}. */
@HttpExchange
public interface HistoryApi {

    /** For each key that clients read, the release that last changed it, ordered by key. */
    @GetExchange(ConfigApi.NAMESPACE + "/blame")
    List<ItemOrigin> blame(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Releases before one, the newest first, at most 50. Where the center has a database for them, those too that ZooKeeper keeps no
     * longer; each is then read and compared by its number like any other.
     *
     * @param before the number of a release
     */
    @GetExchange(ConfigApi.NAMESPACE + "/earlier-releases")
    List<ReleaseView> earlier(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam long before,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** What the draft would change for clients, line by line, with who changed it and what was taken back before. */
    @GetExchange(ConfigApi.NAMESPACE + "/draft")
    DraftView draft(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * @param release that gave the key the value it has
     * @param orEarlier whether an earlier release, which isn't kept any more, may have done so
     * @param comment that the release in effect has; absent if there is none
     */
    record ItemOrigin(String key, ReleaseView release, boolean orEarlier, Optional<String> comment) {}

    /**
     * @param takenBackBy the release in effect if it is a rollback that took back some of these changes
     * @param freeze that holds now
     */
    record DraftView(
            long revision,
            List<PendingChange> changes,
            Optional<ReleaseView> takenBackBy,
            Optional<FreezeView> freeze) {

        public DraftView {
            changes = List.copyOf(changes);
        }
    }

    /**
     * @param author who changed the key last, absent if that isn't known
     * @param takenBack whether the release in effect took back exactly this
     */
    record PendingChange(Change change, Optional<String> author, boolean takenBack) {}
}
