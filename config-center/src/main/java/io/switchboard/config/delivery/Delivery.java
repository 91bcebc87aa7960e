package io.switchboard.config.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.Links;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.Sealed;
import io.switchboard.configprotocol.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A snapshot as it goes over the wire. */
record Delivery(List<Namespace> namespaces) {

    /**
     * @param release number of the release in effect; 0 if nothing was published
     * @param at when it was published
     * @param items plain ones that apply, its own and inherited ones, ordered by key
     * @param encrypted others of its own, ordered by key
     * @param dataKeys sealed with an access key of the application
     * @param inherits other namespaces whose values apply where it has none, the nearest first
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Namespace(
            String namespace,
            long release,
            Optional<String> contentHash,
            Optional<Instant> at,
            @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, String> items,
            Map<String, Encrypted> encrypted,
            List<Sealed> dataKeys,
            List<Parent> inherits) {}

    /**
     * The value of an item, sealed.
     *
     * @param keyId of the key it was sealed with
     * @param content nonce, then ciphertext with its tag
     * @param key that one, sealed with one of the data keys; absent if it is one of them itself
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Encrypted(String keyId, byte[] content, Optional<Sealed> key) {

        private static Encrypted of(Secret secret) {
            return new Encrypted(
                    secret.value().keyId(), secret.value().content(), Optional.ofNullable(secret.ownKey()));
        }
    }

    /** @param encrypted those that apply */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Parent(
            String application,
            String namespace,
            long release,
            Map<String, Encrypted> encrypted,
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
                        Optional.of(found.pointer().hash()),
                        Optional.of(found.at()),
                        plain(found),
                        encrypted(found, found.path(), found.items()),
                        found.dataKeys(),
                        found.inherited().stream()
                                .map(one -> new Parent(
                                        one.path().application(),
                                        one.path().namespace(),
                                        one.number(),
                                        encrypted(found, one.path(), one.items()),
                                        one.dataKeys()))
                                .toList()))
                .orElseGet(() -> new Namespace(
                        path.namespace(),
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        Map.of(),
                        List.of(),
                        List.of()));
    }

    private static Map<String, String> plain(Release release) {
        Map<String, String> plain = new TreeMap<>();
        release.inherited().reversed().forEach(one -> put(plain, one.items()));
        put(plain, release.items());
        plain.keySet().removeIf(Links::isOne);
        return plain;
    }

    private static void put(Map<String, String> plain, Items nearer) {
        nearer.secrets().keySet().forEach(plain::remove);
        plain.putAll(nearer.values());
    }

    /** Those of one namespace that none nearer than it overrides. */
    private static Map<String, Encrypted> encrypted(Release release, NamespacePath path, Items items) {
        Map<String, Encrypted> encrypted = new TreeMap<>();
        items.secrets().forEach((key, secret) -> {
            if (release.origin(key).filter(origin -> origin.path().equals(path)).isPresent()) {
                encrypted.put(key, Encrypted.of(secret));
            }
        });
        return encrypted;
    }
}
