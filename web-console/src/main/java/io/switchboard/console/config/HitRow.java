package io.switchboard.console.config;

import io.switchboard.contracts.config.StagesApi.SearchHit;
import io.switchboard.contracts.config.StagesApi.SearchedIn;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One item that has the text.
 *
 * @param path of its namespace's page; null if no instance has the namespace any more
 * @param comment an excerpt of the item's comment; null if the text isn't there
 */
record HitRow(
        String where,
        @Nullable String path,
        String key,
        String excerpt,
        SearchedIn in,
        @Nullable String comment) {

    /** Whether the text is in a draft, where it can be replaced. */
    boolean isInDraft() {
        return in != SearchedIn.RELEASED;
    }

    static HitRow of(SearchHit hit, @Nullable UUID instance) {
        return new HitRow(
                String.join(" / ", hit.application(), hit.stage(), hit.namespace()),
                instance == null ? null : Namespace.path(instance, hit.stage(), hit.namespace()),
                hit.key(),
                hit.excerpt(),
                hit.in(),
                hit.comment().orElse(null));
    }
}
