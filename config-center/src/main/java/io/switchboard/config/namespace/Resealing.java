package io.switchboard.config.namespace;

import io.switchboard.config.secret.Secrets;
import io.switchboard.configprotocol.Inherited;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.identity.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes releases of the same values, encrypted with other keys. */
@Component
class Resealing {

    private static final String SEALED_ANEW = "Encrypted with a new data key";

    private final NextReleases releases;
    private final Namespaces namespaces;
    private final ReleaseHistory history;
    private final Secrets secrets;
    private final Inheritance inheritance;
    private final DraftRequests requests;

    Resealing(
            NextReleases releases,
            Namespaces namespaces,
            ReleaseHistory history,
            Secrets secrets,
            Inheritance inheritance,
            DraftRequests requests) {
        this.releases = releases;
        this.namespaces = namespaces;
        this.history = history;
        this.secrets = secrets;
        this.inheritance = inheritance;
        this.requests = requests;
    }

    /**
     * Seals the keys of all values in draft and release in effect with a new data key, and forgets those data keys that nothing is
     * sealed with any more. The values stay, so it needs no review and heeds no freeze. Nothing happens where nothing ever was encrypted.
     *
     * @param revision what the draft must be at, or null for whatever it is at
     */
    void sealAnew(NamespacePath path, @Nullable Long revision, Caller publisher) {
        NamespaceState state = namespaces.current(path, revision);
        PublishRules.checkPublisher(state.rules(), publisher);
        PublishRules.checkNoCanary(path, state);
        boolean both = !state.released().secrets().isEmpty();
        // Before there is another key. Under the one there is, all is as long as it will be.
        UnaryOperator<Items> trial = secrets.sealingAnew(path);
        Draft tried = draft(state, trial);
        if (both) {
            releases.checkSize(release(path, state, tried, trial), publisher.person(), SEALED_ANEW);
        } else {
            tried.encode();
        }
        // Also if nothing is encrypted now: what is set next is not to be sealed with a key that may be known.
        if (!state.isThere() || !secrets.renewDataKey(path)) {
            return;
        }
        UnaryOperator<Items> anew = secrets.sealingAnew(path);
        Draft draft = draft(state, anew);
        if (both) {
            releases.makeAnew(release(path, state, draft, anew), publisher.person(), SEALED_ANEW);
        } else {
            // Though it may hold the same: whoever is just sealing with the key before finds another revision.
            namespaces.replace(
                    path,
                    draft,
                    state.revision(),
                    zookeeper -> requests.moved(zookeeper, path, state, state.revision() + 1, state.number()));
        }
        dropUnusedKeys(path, draft);
    }

    private static Draft draft(NamespaceState state, UnaryOperator<Items> anew) {
        return state.wholeDraft().resealed(anew.apply(state.draft()));
    }

    private NextRelease release(NamespacePath path, NamespaceState state, Draft draft, UnaryOperator<Items> anew) {
        return new NextRelease(
                path,
                state,
                new Content(anew.apply(state.released()), state.comments().released()),
                // A rollback stays one: what it took back is still not to be published by mistake.
                state.release().map(Release::restores).orElse(OptionalLong.empty()),
                Optional.empty(),
                Optional.empty(),
                Optional.of(draft),
                inheritance.of(path, state.released()));
    }

    private void dropUnusedKeys(NamespacePath path, Draft draft) {
        List<Items> everything = new ArrayList<>();
        everything.add(draft.items());
        history.list(path).forEach(release -> everything.add(release.items()));
        secrets.dropUnused(path, everything);
    }

    /**
     * Makes a release of the same items that also that access key opens, unless the one in effect is such a one. The values stay, so
     * it needs no review and heeds no freeze.
     *
     * @param accessKey what a data key that is sealed for it names
     * @param author empty if no call asks for it now
     */
    void sealFor(NamespacePath path, String accessKey, Optional<String> author) {
        NamespaceState state = namespaces.read(path);
        if (state.release().isEmpty() || isSealedFor(state.release().get(), accessKey)) {
            return;
        }
        PublishRules.checkNoCanary(path, state);
        Release release = state.release().get();
        var wish = new NextRelease(
                path,
                state,
                state.inEffect(),
                release.restores(),
                Optional.empty(),
                inheritance.of(path, release.items()));
        if (author.isPresent()) {
            releases.makeAnew(wish, author.get(), SEALED_ANEW);
        } else {
            releases.makeAnewByItself(wish, SEALED_ANEW, "release.seal");
        }
    }

    private static boolean isSealedFor(Release release, String accessKey) {
        return Stream.concat(
                        Stream.of(release.dataKeys()),
                        release.inherited().stream().map(Inherited::dataKeys))
                .filter(keys -> !keys.isEmpty())
                .allMatch(keys -> keys.stream().anyMatch(key -> key.keyId().equals(accessKey)));
    }
}
