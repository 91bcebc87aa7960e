package io.switchboard.config.namespace;

import io.switchboard.config.audit.OwnAct;
import io.switchboard.config.audit.OwnActs;
import io.switchboard.config.namespace.Releases.Given;
import io.switchboard.config.namespace.Releases.Made;
import io.switchboard.config.secret.Secrets;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Choice;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.springframework.stereotype.Component;

/** Makes the next releases of namespaces, each in one step for everybody who looks, and tells of them. */
@Component
class NextReleases {

    private final ReleaseTransactions transactions;
    private final Secrets secrets;
    private final UntoldReleases untold;
    private final DraftRequests requests;
    private final OwnActs acts;
    private final Clock clock;

    NextReleases(
            ReleaseTransactions transactions,
            Secrets secrets,
            UntoldReleases untold,
            DraftRequests requests,
            OwnActs acts,
            Clock clock) {
        this.transactions = transactions;
        this.secrets = secrets;
        this.untold = untold;
        this.requests = requests;
        this.acts = acts;
        this.clock = clock;
    }

    /**
     * All of them in one step.
     *
     * @param also what happens in that step too
     */
    List<Made> make(List<NextRelease> wishes, String author, String message, ReleaseTransaction.Also also) {
        List<Release> releases = releases(wishes, author, message);
        List<Made> made = new ArrayList<>();
        for (int index = 0; index < wishes.size(); index++) {
            NextRelease wish = wishes.get(index);
            made.add(new Made(releases.get(index), wish.state().released(), wish.overridden(), wish.accepted()));
        }
        tellOnce(
                made,
                () -> commit(wishes.getFirst().path(), transaction -> {
                    addAll(transaction, wishes, releases);
                    addHeritage(transaction, wishes);
                    transaction.add(also);
                    for (int index = 0; index < wishes.size(); index++) {
                        addUntold(
                                transaction, made.get(index), wishes.get(index).state());
                    }
                }));
        return made;
    }

    /** Makes one of the same items, which leaves standing what was asked for and decided about the draft. */
    Made makeAnew(NextRelease wish, String author, String message) {
        return makeAnew(wish, author, message, List.of());
    }

    /**
     * As {@link #makeAnew}, though no call asks for it.
     *
     * @param action what the audit calls it
     */
    Made makeAnewByItself(NextRelease wish, String message, String action) {
        return makeAnew(wish, OwnActs.ACTOR, message, List.of(OwnAct.in(wish.path(), action)));
    }

    private Made makeAnew(NextRelease wish, String author, String message, List<OwnAct> byItself) {
        return make(List.of(wish), author, message, zookeeper -> {
                    List<CuratorOp> steps = new ArrayList<>(moved(zookeeper, wish));
                    steps.addAll(acts.steps(zookeeper, byItself));
                    return steps;
                })
                .getFirst();
    }

    private List<CuratorOp> moved(CuratorFramework zookeeper, NextRelease wish) throws Exception {
        NamespaceState before = wish.state();
        long revision = before.revision() + (wish.draft().isPresent() ? 1 : 0);
        return requests.moved(zookeeper, wish.path(), before, revision, before.nextNumber());
    }

    /** Gives releases to some clients only, all of them in one step; all others keep what is in effect. */
    List<Release> give(
            List<NextRelease> wishes, String author, String message, String canary, Choice choice, Given also) {
        List<Release> releases = releases(wishes, author, message);
        commit(wishes.getFirst().path(), transaction -> {
            for (int index = 0; index < wishes.size(); index++) {
                Release release = releases.get(index);
                NextRelease wish = wishes.get(index);
                transaction.add(wish.state(), release, wish.content().comments(), Canary.of(canary, choice, release));
            }
            addHeritage(transaction, wishes);
            transaction.add(zookeeper -> also.steps(zookeeper, releases));
        });
        return releases;
    }

    private List<Release> releases(List<NextRelease> wishes, String author, String message) {
        return wishes.stream()
                .map(wish -> wish.release(secrets, author, message, clock.instant()))
                .toList();
    }

    /**
     * As if it were made anew.
     *
     * @throws Problem if that is more than one step takes
     */
    void checkSize(NextRelease wish, String author, String message) {
        List<NextRelease> wishes = List.of(wish);
        List<Release> releases = releases(wishes, author, message);
        transactions.checkSize(wish.path(), transaction -> {
            addAll(transaction, wishes, releases);
            transaction.add(zookeeper -> moved(zookeeper, wish));
        });
    }

    private static void addAll(ReleaseTransaction transaction, List<NextRelease> wishes, List<Release> releases)
            throws Exception {
        for (int index = 0; index < wishes.size(); index++) {
            NextRelease wish = wishes.get(index);
            transaction.add(wish.state(), releases.get(index), wish.content().comments(), wish.draft());
        }
    }

    private static void addHeritage(ReleaseTransaction transaction, List<NextRelease> wishes) throws Exception {
        Set<NamespacePath> replaced = wishes.stream().map(NextRelease::path).collect(Collectors.toSet());
        for (NextRelease wish : wishes) {
            transaction.checkInEffect(wish.heritage().versions(), replaced);
        }
    }

    private void commit(NamespacePath path, ReleaseTransactions.Steps steps) {
        transactions.commit(
                path,
                steps,
                () -> new Problem(ConfigProblem.STALE_REVISION, "Another change, decision or release got in between."));
    }

    /** Has it told of also if this center goes before it could. */
    void addUntold(ReleaseTransaction transaction, Made made, NamespaceState before) throws Exception {
        transaction.add(zookeeper -> List.of(untold.step(zookeeper, made, before.number())));
    }

    /**
     * Says that namespaces have other releases in effect, once they do.
     *
     * @param commit makes them in effect, and {@link #addUntold} is part of that for each
     */
    void tellOnce(List<Made> made, Runnable commit) {
        try {
            commit.run();
        } catch (RuntimeException e) {
            // They were not made, or nobody can say.
            made.forEach(one -> untold.failed(one.release()));
            throw e;
        }
        made.forEach(untold::tell);
    }
}
