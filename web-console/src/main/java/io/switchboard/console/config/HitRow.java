package io.switchboard.console.config;

import io.switchboard.contracts.config.StagesApi.SearchHit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One item that has the text.
 *
 * @param path of its namespace's page; null if no instance has the namespace any more
 */
record HitRow(String where, @Nullable String path, String key, String excerpt, boolean released) {

    static HitRow of(SearchHit hit, @Nullable UUID instance) {
        return new HitRow(
                String.join(" / ", hit.application(), hit.stage(), hit.namespace()),
                instance == null ? null : Namespace.path(instance, hit.stage(), hit.namespace()),
                hit.key(),
                hit.excerpt(),
                hit.released());
    }
}
