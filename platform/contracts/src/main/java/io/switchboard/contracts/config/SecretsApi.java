package io.switchboard.contracts.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.switchboard.contracts.config.ConfigApi.NamespaceView;
import io.switchboard.contracts.identity.Caller;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * Encrypted items of a namespace, which no call gives back: only the application's own tasks can read them. Parameters as in
 * {@link ConfigApi}.
 */
@HttpExchange
public interface SecretsApi {

    /** The encrypted items of the draft, by key. */
    @GetExchange(ConfigApi.NAMESPACE + "/secrets")
    List<SecretView> secrets(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Changes the draft: each key becomes an encrypted item with its value, also one that was plain; an encrypted one with
     * {@code null} is taken out. Publishes nothing.
     */
    @PutExchange(ConfigApi.NAMESPACE + "/draft/secrets")
    NamespaceView putSecrets(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestBody SecretsRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Seals the keys of all values in draft and release in effect with a new data key. If the latter has encrypted items, that makes a
     * release with the same values. 409 if the draft is at another revision than a given one.
     */
    @PostExchange(ConfigApi.NAMESPACE + "/data-key/rotations")
    NamespaceView rotateDataKey(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestBody RotationRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** Which master keys are in use; operators only. */
    @GetExchange("/api/v1/config-master-key")
    MasterKeyView masterKey(@Nullable Caller caller);

    /** Seals all keys with the first of the center's master keys; after that, others may be removed. Operators only. */
    @PostExchange("/api/v1/config-master-key/rotations")
    MasterKeyView rotateMasterKey(@Nullable Caller caller);

    /** @param setBy who gave the value @param setAt when */
    record SecretView(String key, String setBy, Instant setAt) {}

    /** @param revision the draft's revision this was based on; absent to overwrite whatever is there */
    record SecretsRequest(
            @NotNull @JsonInclude(content = JsonInclude.Include.ALWAYS)
            Map<String, @Nullable String> secrets,

            @Nullable Long revision) {

        @Override
        public String toString() {
            return "SecretsRequest" + secrets.keySet();
        }
    }

    /** @param revision what the draft must be at; absent for whatever it is at */
    record RotationRequest(@Nullable Long revision) {}

    /**
     * @param current id of the master key that seals
     * @param sealedWith how many keys are sealed with each master key, by its id
     */
    record MasterKeyView(String current, SortedMap<String, Integer> sealedWith) {

        public MasterKeyView {
            sealedWith = Collections.unmodifiableSortedMap(new TreeMap<>(sealedWith));
        }
    }
}
