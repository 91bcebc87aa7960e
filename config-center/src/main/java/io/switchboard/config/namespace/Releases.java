package io.switchboard.config.namespace;

import io.switchboard.config.namespace.DraftChecks.Accepted;
import io.switchboard.config.namespace.Inheritance.Heritage;
import io.switchboard.config.secret.Secrets;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Choice;
import io.switchboard.configprotocol.Inherited;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.config.FreezeApi.FreezeView;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes releases, each in one step for everybody who looks. */
@Component
class Releases {

    private static final String SEALED_ANEW = "Encrypted with a new data key";

    /** Author of a release that was made because what it inherits has another one. */
    private static final String INHERITED_BY = "config-center";

    private final ReleaseTransactions transactions;
    private final Namespaces namespaces;
    private final ReleaseHistory history;
    private final Secrets secrets;
    private final LateClients lateClients;
    private final DraftChecks checks;
    private final CanaryNodes canaries;
    private final HistoryCopies copies;
    private final Inheritance inheritance;
    private final Clock clock;
    private final List<Consumer<NamespacePath>> listeners = new CopyOnWriteArrayList<>();

    Releases(
            ReleaseTransactions transactions,
            Namespaces namespaces,
            ReleaseHistory history,
            Secrets secrets,
            LateClients lateClients,
            DraftChecks checks,
            CanaryNodes canaries,
            HistoryCopies copies,
            Inheritance inheritance,
            Clock clock) {
        this.transactions = transactions;
        this.namespaces = namespaces;
        this.history = history;
        this.secrets = secrets;
        this.lateClients = lateClients;
        this.checks = checks;
        this.canaries = canaries;
        this.copies = copies;
        this.inheritance = inheritance;
        this.clock = clock;
    }

    /**
     * A release that was made.
     *
     * @param before what clients read until then
     * @param overridden the freeze that was not heeded, empty if there was none
     * @param accepted errors that were not heeded, empty if there were none
     */
    record Made(Release release, Items before, Optional<Overridden> overridden, Optional<Accepted> accepted) {}

    /** A freeze that somebody did not heed, and why. */
    record Overridden(FreezeView freeze, String reason) {}

    /**
     * One that is to be made: {@code items} on top of {@code state}.
     *
     * @param draft what the draft becomes in the same step; empty to leave it as it is
     * @param heritage what it inherits
     */
    private record Wish(
            NamespacePath path,
            NamespaceState state,
            Items items,
            OptionalLong restores,
            Optional<Overridden> overridden,
            Optional<Accepted> accepted,
            Optional<Draft> draft,
            Heritage heritage) {

        Wish(
                NamespacePath path,
                NamespaceState state,
                Items items,
                OptionalLong restores,
                Optional<Overridden> overridden,
                Heritage heritage) {
            this(path, state, items, restores, overridden, Optional.empty(), Optional.empty(), heritage);
        }

        String history(String message) {
            String freeze = overridden
                    .map(one -> " (freeze overridden: " + one.reason() + ")")
                    .orElse("");
            String check = accepted.map(one -> " (check overridden: " + one.reason() + ")")
                    .orElse("");
            return (message + freeze + check).strip();
        }
    }

    private Release release(Wish wish, String author, String message) {
        return new Release(
                wish.path(),
                wish.state().nextNumber(),
                author,
                wish.history(message),
                clock.instant(),
                wish.items(),
                wish.restores(),
                secrets.dataKeys(wish.path(), wish.items()),
                wish.heritage().inherited());
    }

    /**
     * Drafts to become the releases in effect.
     *
     * @param revisions the revision that each draft must be at, by namespace; at least one
     * @param only keys whose changes are published, all others wait on in the draft; empty to publish them all
     * @param again whether to publish also what a rollback took back
     * @param override why a freeze is not heeded; null to heed it
     * @param accept why errors that the check finds are not heeded; null to heed them
     * @param known what was there to override when that was said; empty if it is said now
     */
    record Publication(
            SortedMap<NamespacePath, Long> revisions,
            Set<String> only,
            String message,
            boolean again,
            @Nullable String override,
            @Nullable String accept,
            Optional<Schedule.Known> known) {

        Publication(
                SortedMap<NamespacePath, Long> revisions,
                String message,
                boolean again,
                @Nullable String override,
                @Nullable String accept) {
            this(revisions, Set.of(), message, again, override, accept, Optional.empty());
        }

        private NamespaceState part(NamespaceState draft) {
            return only.isEmpty() ? draft : draft.part(only);
        }

        /** Also what the release in effect took back, if it is the one that was meant. */
        private boolean again(NamespacePath path, NamespaceState state) {
            return again && known.map(then -> then.isInEffect(path, state)).orElse(true);
        }
    }

    /**
     * A way back.
     *
     * @param from the release that must be in effect
     * @param to the earlier one
     * @param discard the revision of a draft that is to be put back too, unless somebody changes it meanwhile; null to leave
     *     it as it is
     * @param override as with a publication
     */
    record Rollback(
            NamespacePath path,
            long from,
            long to,
            String message,
            @Nullable Long discard,
            @Nullable String override) {}

    List<Made> publish(Publication wish, Caller publisher) {
        return publish(wish, publisher, zookeeper -> List.of());
    }

    /**
     * Makes drafts the releases in effect, all of them in one step.
     *
     * @param also what happens in that step too
     */
    List<Made> publish(Publication wish, Caller publisher, ReleaseTransaction.Also also) {
        return make(wishes(wish, publisher), publisher.person(), wish.message(), also);
    }

    /** What happens in the step that gives releases to some clients. */
    @FunctionalInterface
    interface Given {
        List<CuratorOp> steps(CuratorFramework zookeeper, List<Release> releases) throws Exception;
    }

    /** Makes drafts releases that only some clients get, all of them in one step; all others keep what is in effect. */
    List<Release> give(Publication wish, Caller publisher, String canary, Choice choice, Given also) {
        List<Wish> wishes = wishes(wish, publisher);
        wishes.forEach(one -> PublishRules.checkReleased(one.path(), one.state()));
        List<Release> releases = wishes.stream()
                .map(one -> release(one, publisher.person(), wish.message()))
                .toList();
        commit(wishes.getFirst().path(), transaction -> {
            for (int index = 0; index < wishes.size(); index++) {
                Release release = releases.get(index);
                transaction.add(wishes.get(index).state(), release, Canary.of(canary, choice, release));
            }
            addHeritage(transaction, wishes);
            transaction.add(zookeeper -> also.steps(zookeeper, releases));
        });
        return releases;
    }

    private List<Wish> wishes(Publication wish, Caller publisher) {
        List<Wish> wishes = new ArrayList<>();
        SortedMap<NamespacePath, NamespaceState> drafts = new TreeMap<>();
        wish.revisions().forEach((path, revision) -> drafts.put(path, namespaces.current(path, revision)));
        SortedMap<NamespacePath, NamespaceState> together = new TreeMap<>(drafts);
        together.replaceAll((path, draft) -> wish.part(draft));
        SortedMap<NamespacePath, Items> items = new TreeMap<>();
        together.forEach((path, state) -> items.put(path, state.draft()));
        drafts.forEach((path, draft) -> {
            NamespaceState state = wish.part(draft);
            PublishRules.checkPublisher(state.rules(), publisher);
            PublishRules.checkNoCanary(path, state);
            PublishRules.checkPart(path, draft, wish.only());
            PublishRules.checkChanged(path, state);
            PublishRules.checkReview(path, state);
            Optional<Overridden> overridden = PublishRules.checkFreeze(
                    path, state, clock.instant(), wish.override(), wish.known().map(Schedule.Known::freezes));
            if (!wish.again(path, state)) {
                // Of the whole draft: a part's release would be the one in effect, and what waits on no longer marked.
                PublishRules.checkTakenBack(path, state, history.takenBack(path, draft));
            }
            inheritance.checkStillShared(path, state, state.draft());
            Heritage heritage = inheritance.taken(path, state.draft(), items);
            Optional<Accepted> accepted = checks.require(path, state, together, wish.accept());
            wishes.add(new Wish(
                    path,
                    state,
                    state.draft(),
                    OptionalLong.empty(),
                    overridden,
                    accepted,
                    Optional.empty(),
                    heritage));
        });
        return wishes;
    }

    /**
     * Makes a release of what an earlier one held. That needs no review: it had one, and calls may be failing. A canary is
     * abandoned in the same step: what it was compared with is gone.
     *
     * @throws Problem {@link ConfigProblem#STALE_RELEASE} if another release is in effect
     */
    Made rollBack(Rollback wish, Caller publisher) {
        NamespacePath path = wish.path();
        NamespaceState state = namespaces.current(path, wish.discard());
        PublishRules.checkPublisher(state.rules(), publisher);
        if (state.number() != wish.from()) {
            throw new Problem(
                    ConfigProblem.STALE_RELEASE,
                    "Release " + state.number() + " is in effect, not " + wish.from() + ".",
                    Map.of("release", state.number()));
        }
        if (canaries.abandoned(path).contains(wish.to()) || wish.to() > state.number()) {
            throw new Problem(
                    RequestProblem.NOT_FOUND, "Release " + wish.to() + " was a canary, and never in effect for all.");
        }
        Items items = secrets.keepingSealed(
                path, history.toGoBackTo(path, wish.to()).items(), state.released(), publisher.person());
        if (items.equals(state.released())) {
            throw new Problem(
                    ConfigProblem.NOTHING_TO_PUBLISH,
                    "Release " + wish.from() + ", which is in effect, holds what release " + wish.to() + " held.");
        }
        Optional<Overridden> overridden =
                PublishRules.checkFreeze(path, state, clock.instant(), wish.override(), Optional.empty());
        inheritance.checkStillShared(path, state, items);
        var back = new Wish(
                path,
                state,
                items,
                OptionalLong.of(wish.to()),
                overridden,
                inheritance.taken(path, items, Map.of(path, items)));
        String reason = "Release " + wish.from() + " was rolled back.";
        Made made = make(
                        List.of(back),
                        publisher.person(),
                        wish.message(),
                        zookeeper -> canaries.abandoned(zookeeper, path, state, publisher.person(), reason))
                .getFirst();
        if (wish.discard() != null) {
            // Apart from the release, which must not fail for it: both may be too much for one transaction.
            namespaces.replace(path, items, wish.discard(), publisher.person());
        }
        return made;
    }

    /**
     * Seals draft and release in effect with a new data key, and forgets those that nothing is sealed with any more. The
     * values stay, so it needs no review and heeds no freeze.
     *
     * @param revision what the draft must be at, or null for whatever it is at
     * @return the release that was made; empty if the one in effect has no encrypted items
     */
    Optional<Made> sealAnew(NamespacePath path, @Nullable Long revision, Caller publisher) {
        NamespaceState state = namespaces.current(path, revision);
        PublishRules.checkPublisher(state.rules(), publisher);
        PublishRules.checkNoCanary(path, state);
        if (state.draft().secrets().isEmpty() && state.released().secrets().isEmpty()) {
            return Optional.empty();
        }
        // A rollback stays one: what it took back is still not to be published by mistake.
        OptionalLong restores = state.release().map(Release::restores).orElse(OptionalLong.empty());
        boolean both = !state.released().secrets().isEmpty();
        if (both) {
            // Before there is another key. Sealed anew, all is as long as it was.
            var asItIs = new Wish(
                    path,
                    state,
                    state.released(),
                    restores,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(state.wholeDraft()),
                    inheritance.of(path, state.released()));
            Release again = release(asItIs, publisher.person(), SEALED_ANEW);
            transactions.checkSize(path, transaction -> addAll(transaction, List.of(asItIs), List.of(again)));
        }
        secrets.renewDataKey(path);
        UnaryOperator<Items> anew = secrets.sealingAnew(path);
        var draft = new Draft(anew.apply(state.draft()), state.wholeDraft().authors());
        Optional<Made> made = Optional.empty();
        if (both) {
            var wish = new Wish(
                    path,
                    state,
                    anew.apply(state.released()),
                    restores,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(draft),
                    inheritance.of(path, state.released()));
            made = make(List.of(wish), publisher.person(), SEALED_ANEW, zookeeper -> List.of()).stream()
                    .findFirst();
        } else {
            namespaces.replace(path, draft, state.revision());
        }
        dropUnusedKeys(path, draft);
        return made;
    }

    /**
     * Makes a release of the same items that also that access key opens. The values stay, so it needs no review and heeds no freeze.
     *
     * @param accessKey what a data key that is sealed for it names
     * @return the release that was made; empty if the one in effect is such a one
     */
    Optional<Made> sealFor(NamespacePath path, String accessKey, String author) {
        NamespaceState state = namespaces.read(path);
        if (state.release().isEmpty() || isSealedFor(state.release().get(), accessKey)) {
            return Optional.empty();
        }
        PublishRules.checkNoCanary(path, state);
        Release release = state.release().get();
        var wish = new Wish(
                path,
                state,
                release.items(),
                release.restores(),
                Optional.empty(),
                inheritance.of(path, release.items()));
        return make(List.of(wish), author, SEALED_ANEW, zookeeper -> List.of()).stream()
                .findFirst();
    }

    private static boolean isSealedFor(Release release, String accessKey) {
        return Stream.concat(
                        Stream.of(release.dataKeys()),
                        release.inherited().stream().map(Inherited::dataKeys))
                .filter(keys -> !keys.isEmpty())
                .allMatch(keys -> keys.stream().anyMatch(key -> key.keyId().equals(accessKey)));
    }

    /** Has it called with each namespace that has another release in effect, made by this center. */
    void onRelease(Consumer<NamespacePath> listener) {
        listeners.add(listener);
    }

    /** Says that the namespace has another release in effect. */
    void tell(Release release) {
        lateClients.watch(release);
        copies.copy(release);
        listeners.forEach(listener -> listener.accept(release.path()));
    }

    /**
     * Makes a release of the same items on top of what they inherit now. Whoever published that had what it needs, so it needs
     * no review and heeds no freeze.
     *
     * @return the release that was made; empty if it would inherit what it has already, or while a canary runs
     */
    Optional<Made> inheritAnew(NamespacePath path) {
        NamespaceState state = namespaces.read(path);
        if (state.release().isEmpty() || state.canary().isPresent()) {
            return Optional.empty();
        }
        Release release = state.release().get();
        Heritage heritage = inheritance.of(path, release.items());
        Optional<String> news = Inheritance.news(release, heritage);
        if (news.isEmpty()) {
            return Optional.empty();
        }
        var wish = new Wish(path, state, release.items(), release.restores(), Optional.empty(), heritage);
        return make(List.of(wish), INHERITED_BY, news.get(), zookeeper -> List.of()).stream()
                .findFirst();
    }

    private void dropUnusedKeys(NamespacePath path, Draft draft) {
        List<Items> everything = new ArrayList<>();
        everything.add(draft.items());
        history.list(path).forEach(release -> everything.add(release.items()));
        secrets.dropUnused(path, everything);
    }

    private List<Made> make(List<Wish> wishes, String author, String message, ReleaseTransaction.Also also) {
        List<Release> releases =
                wishes.stream().map(wish -> release(wish, author, message)).toList();
        commit(wishes.getFirst().path(), transaction -> {
            addAll(transaction, wishes, releases);
            addHeritage(transaction, wishes);
            transaction.add(also);
        });
        releases.forEach(this::tell);
        List<Made> made = new ArrayList<>();
        for (int index = 0; index < wishes.size(); index++) {
            Wish wish = wishes.get(index);
            made.add(new Made(releases.get(index), wish.state().released(), wish.overridden(), wish.accepted()));
        }
        return made;
    }

    private static void addAll(ReleaseTransaction transaction, List<Wish> wishes, List<Release> releases)
            throws Exception {
        for (int index = 0; index < wishes.size(); index++) {
            transaction.add(
                    wishes.get(index).state(),
                    releases.get(index),
                    wishes.get(index).draft());
        }
    }

    private static void addHeritage(ReleaseTransaction transaction, List<Wish> wishes) throws Exception {
        Set<NamespacePath> replaced = wishes.stream().map(Wish::path).collect(Collectors.toSet());
        for (Wish wish : wishes) {
            transaction.checkInEffect(wish.heritage().versions(), replaced);
        }
    }

    private void commit(NamespacePath path, ReleaseTransactions.Steps steps) {
        transactions.commit(
                path,
                steps,
                () -> new Problem(ConfigProblem.STALE_REVISION, "Another change, decision or release got in between."));
    }
}
