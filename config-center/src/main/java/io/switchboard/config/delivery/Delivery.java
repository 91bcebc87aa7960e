package io.switchboard.config.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.Sealed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A snapshot as it goes over the wire. */
record Delivery(List<Namespace> namespaces) {

    /**
     * @param release number of the release in effect; 0 if nothing was published
     * @param at when it was published
     * @param items plain ones, ordered by key
     * @param encrypted others, ordered by key; each sealed with one of the data keys
     * @param dataKeys sealed with an access key of the application
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Namespace(
            String namespace,
            long release,
            Optional<String> contentHash,
            Optional<Instant> at,
            @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, String> items,
            Map<String, Sealed> encrypted,
            List<Sealed> dataKeys) {}

    static Delivery of(Snapshot snapshot) {
        return new Delivery(snapshot.releases().entrySet().stream()
                .map(entry -> namespace(entry.getKey(), entry.getValue()))
                .toList());
    }

    private static Namespace namespace(NamespacePath path, Optional<Release> release) {
        return release.map(found -> new Namespace(
                        path.namespace(),
                        found.number(),
                        Optional.of(found.items().hash()),
                        Optional.of(found.at()),
                        found.items().values(),
                        found.items().secrets().entrySet().stream()
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey,
                                        entry -> entry.getValue().value(),
                                        (one, other) -> one,
                                        TreeMap::new)),
                        found.dataKeys()))
                .orElseGet(() -> new Namespace(
                        path.namespace(), 0, Optional.empty(), Optional.empty(), Map.of(), Map.of(), List.of()));
    }
}
