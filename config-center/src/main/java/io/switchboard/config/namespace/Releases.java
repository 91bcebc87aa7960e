package io.switchboard.config.namespace;

import io.switchboard.config.namespace.DraftChecks.Accepted;
import io.switchboard.config.namespace.Inheritance.Heritage;
import io.switchboard.config.secret.Secrets;
import io.switchboard.configprotocol.Choice;
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
import java.util.stream.Collectors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Publishes drafts and goes back from releases, if whatever has a say in that lets it. */
@Component
class Releases {

    private final NextReleases next;
    private final Namespaces namespaces;
    private final ReleaseHistory history;
    private final Secrets secrets;
    private final DraftChecks checks;
    private final CanaryNodes canaries;
    private final Inheritance inheritance;
    private final LastEdits lastEdits;
    private final Clock clock;

    Releases(
            NextReleases next,
            Namespaces namespaces,
            ReleaseHistory history,
            Secrets secrets,
            DraftChecks checks,
            CanaryNodes canaries,
            Inheritance inheritance,
            LastEdits lastEdits,
            Clock clock) {
        this.next = next;
        this.namespaces = namespaces;
        this.history = history;
        this.secrets = secrets;
        this.checks = checks;
        this.canaries = canaries;
        this.inheritance = inheritance;
        this.lastEdits = lastEdits;
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
    }

    /**
     * Ways back, all of them taken in one step.
     *
     * @param ways by namespace, of one stage; at least one
     * @param override as with a publication
     */
    record Rollback(
            SortedMap<NamespacePath, Way> ways,
            String message,
            @Nullable String override) {

        private String reason() {
            return ways.size() == 1
                    ? "Release " + ways.firstEntry().getValue().from() + " was rolled back."
                    : ways.keySet().stream()
                            .map(NamespacePath::namespace)
                            .collect(Collectors.joining(", ", "The namespaces ", " were rolled back together."));
        }
    }

    /**
     * @param from the release that must be in effect
     * @param to the earlier one
     * @param discard the revision of a draft that is to be put back too, unless somebody changes it meanwhile; null to leave
     *     it as it is
     */
    record Way(long from, long to, @Nullable Long discard) {}

    List<Made> publish(Publication wish, Caller publisher) {
        return publish(wish, publisher, zookeeper -> List.of());
    }

    /**
     * Makes drafts the releases in effect, all of them in one step; of what this center's last edits left, if that will do.
     *
     * @param also what happens in that step too; asked for with each attempt
     */
    List<Made> publish(Publication wish, Caller publisher, ReleaseTransaction.Also also) {
        Optional<SortedMap<NamespacePath, NamespaceState>> kept = lastEdits.take(wish.revisions());
        if (kept.isPresent()) {
            try {
                return publish(wish, kept.get(), publisher, also);
            } catch (RuntimeException e) {
                if (isUnavailable(e)) {
                    throw e;
                }
                SortedMap<NamespacePath, NamespaceState> now = current(wish);
                if (now.equals(kept.get())) {
                    throw e;
                }
                // What was kept refuses nothing where something else is there by now.
                return publish(wish, now, publisher, also);
            }
        }
        return publish(wish, current(wish), publisher, also);
    }

    private static boolean isUnavailable(RuntimeException e) {
        return e instanceof Problem problem && problem.code().equals(RequestProblem.UNAVAILABLE);
    }

    private List<Made> publish(
            Publication wish,
            SortedMap<NamespacePath, NamespaceState> drafts,
            Caller publisher,
            ReleaseTransaction.Also also) {
        return next.make(wishes(wish, drafts, publisher), publisher.person(), wish.message(), also);
    }

    private SortedMap<NamespacePath, NamespaceState> current(Publication wish) {
        SortedMap<NamespacePath, NamespaceState> drafts = new TreeMap<>();
        wish.revisions().forEach((path, revision) -> drafts.put(path, namespaces.current(path, revision)));
        return drafts;
    }

    /** What happens in the step that gives releases to some clients. */
    @FunctionalInterface
    interface Given {
        List<CuratorOp> steps(CuratorFramework zookeeper, List<Release> releases) throws Exception;
    }

    /** Makes drafts releases that only some clients get, all of them in one step; all others keep what is in effect. */
    List<Release> give(Publication wish, Caller publisher, String canary, Choice choice, Given also) {
        List<NextRelease> wishes = wishes(wish, current(wish), publisher);
        wishes.forEach(one -> PublishRules.checkReleased(one.path(), one.state()));
        return next.give(wishes, publisher.person(), wish.message(), canary, choice, also);
    }

    private List<NextRelease> wishes(
            Publication wish, SortedMap<NamespacePath, NamespaceState> drafts, Caller publisher) {
        List<NextRelease> wishes = new ArrayList<>();
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
            if (!again(wish, path, draft)) {
                // Of the whole draft: a part's release would be the one in effect, and what waits on no longer marked.
                PublishRules.checkTakenBack(
                        path, state, history.takenBack(path, draft, () -> canaries.abandoned(path)));
            }
            inheritance.checkStillShared(path, state, state.draft());
            Heritage heritage = inheritance.taken(path, state.draft(), items);
            Optional<Accepted> accepted = checks.require(path, state, together, wish.accept());
            wishes.add(new NextRelease(
                    path,
                    state,
                    state.drafted(),
                    OptionalLong.empty(),
                    overridden,
                    accepted,
                    Optional.empty(),
                    heritage));
        });
        return wishes;
    }

    /** Also what the release in effect took back, if that is what was meant. */
    private boolean again(Publication wish, NamespacePath path, NamespaceState state) {
        return wish.again()
                && wish.known()
                        .map(then -> history.isStillInEffect(
                                path, then.release(path), state, () -> canaries.abandoned(path)))
                        .orElse(true);
    }

    /**
     * Makes releases of what earlier ones held. That needs no review: they had one, and calls may be failing. A canary is
     * abandoned in the same step: what it was compared with is gone.
     *
     * @throws Problem {@link ConfigProblem#STALE_RELEASE} if another release is in effect
     */
    List<Made> rollBack(Rollback wish, Caller publisher) {
        List<Back> all = new ArrayList<>();
        SortedMap<NamespacePath, NamespaceState> states = new TreeMap<>();
        Map<NamespacePath, Items> together = new TreeMap<>();
        // They are all of one stage, which has one log.
        CanaryLog log = canaries.read(wish.ways().firstKey());
        wish.ways().forEach((path, way) -> {
            NamespaceState state = namespaces.current(path, way.discard());
            PublishRules.checkPublisher(state.rules(), publisher);
            Content content = earlier(path, state, way, log.abandonedIn(path), publisher);
            all.add(new Back(path, way, state, content));
            states.put(path, state);
            together.put(path, content.items());
        });
        List<Made> made = next.make(
                all.stream().map(one -> next(one, wish.override(), together)).toList(),
                publisher.person(),
                wish.message(),
                zookeeper -> canaries.abandoned(zookeeper, states, publisher.person(), wish.reason()));
        for (Back one : all) {
            if (one.way().discard() != null) {
                // Apart from the release, which must not fail for it: both may be too much for one transaction.
                namespaces.replace(one.path(), one.content(), one.way().discard(), publisher.person());
            }
        }
        return made;
    }

    /** @param content what is in effect again */
    private record Back(NamespacePath path, Way way, NamespaceState state, Content content) {}

    private NextRelease next(Back back, @Nullable String override, Map<NamespacePath, Items> together) {
        Items items = back.content().items();
        Optional<Overridden> overridden =
                PublishRules.checkFreeze(back.path(), back.state(), clock.instant(), override, Optional.empty());
        inheritance.checkStillShared(back.path(), back.state(), items);
        return new NextRelease(
                back.path(),
                back.state(),
                back.content(),
                OptionalLong.of(back.way().to()),
                overridden,
                inheritance.taken(back.path(), items, together));
    }

    private Content earlier(NamespacePath path, NamespaceState state, Way way, List<Long> abandoned, Caller publisher) {
        if (state.number() != way.from()) {
            throw new Problem(
                    ConfigProblem.STALE_RELEASE,
                    "Release " + state.number() + " of " + path.namespace() + " is in effect, not " + way.from() + ".",
                    Map.of("namespace", path.namespace(), "release", state.number()));
        }
        boolean canary = state.canary()
                .filter(running -> running.pointer().number() == way.to())
                .isPresent();
        if (canary || abandoned.contains(way.to())) {
            throw new Problem(
                    RequestProblem.NOT_FOUND,
                    "Release " + way.to() + " of " + path.namespace() + " was a canary, and never in effect for all.");
        }
        if (way.to() > state.number()) {
            throw new Problem(
                    RequestProblem.NOT_FOUND, "There is no release " + way.to() + " of " + path.namespace() + ".");
        }
        Items items = secrets.keepingSealed(
                path, history.toGoBackTo(path, way.to()).items(), state.released(), publisher.person());
        Comments comments = state.comments().has(way.to()) ? history.comments(path, way.to()) : Comments.NONE;
        var content = new Content(items, comments);
        if (content.changedSince(state.inEffect()).isEmpty()) {
            throw new Problem(
                    ConfigProblem.NOTHING_TO_PUBLISH,
                    "Release " + way.from() + " of " + path.namespace() + ", which is in effect, holds what release "
                            + way.to() + " held.");
        }
        return content;
    }
}
