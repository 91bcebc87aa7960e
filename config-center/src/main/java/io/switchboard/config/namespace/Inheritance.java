package io.switchboard.config.namespace;

import io.switchboard.config.namespace.Parents.Parent;
import io.switchboard.config.secret.Secrets;
import io.switchboard.config.validation.Leaves;
import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.Inherited;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.Links;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.config.InheritanceApi.HeirView;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What a namespace inherits, from the releases in effect. */
@Component
class Inheritance {

    private static final int MOST = 20;
    private static final int DEEPEST = 5;
    private static final int ATTEMPTS = 3;

    private final Namespaces namespaces;
    private final Parents parents;
    private final Heirs heirs;
    private final WaitingHeirs waiting;
    private final Secrets secrets;

    Inheritance(Namespaces namespaces, Parents parents, Heirs heirs, WaitingHeirs waiting, Secrets secrets) {
        this.namespaces = namespaces;
        this.parents = parents;
        this.heirs = heirs;
        this.waiting = waiting;
        this.secrets = secrets;
    }

    /**
     * What is inherited.
     *
     * @param inherited the nearest first
     * @param versions of the nodes that say which releases these are, by the namespaces that are named
     */
    record Heritage(List<Inherited> inherited, SortedMap<NamespacePath, Integer> versions) {

        static final Heritage NONE = new Heritage(List.of(), new TreeMap<>());
    }

    /**
     * What these items inherit as they are.
     *
     * @throws Problem {@link ConfigProblem#INVALID_PARENT} if one that they name can't be inherited
     */
    Heritage of(NamespacePath path, Items items) {
        return of(path, parents(path, items));
    }

    /** As they are now, in the order in which they are named. */
    private Map<NamespacePath, Parent> parents(NamespacePath path, Items items) {
        List<NamespacePath> named = links(path, items).parents();
        checkCount(path, named.size());
        return named.isEmpty() ? Map.of() : parents.read(path, named);
    }

    private Heritage of(NamespacePath path, Map<NamespacePath, Parent> parents) {
        if (parents.isEmpty()) {
            return Heritage.NONE;
        }
        SortedMap<NamespacePath, Integer> versions = new TreeMap<>();
        Map<NamespacePath, Inherited> nearest = new LinkedHashMap<>();
        parents.forEach((parent, found) -> {
            Release release = release(path, parent, found);
            versions.put(parent, found.version());
            add(nearest, path, new Inherited(parent, release.number(), inherited(parent, release.items()), List.of()));
            release.inherited().forEach(one -> add(nearest, path, one));
        });
        check(path, List.copyOf(parents.keySet()), nearest);
        return new Heritage(new ArrayList<>(nearest.values()), versions);
    }

    /**
     * As {@link #of}, and from now on the parents know of it.
     *
     * @param together all that is to be released in that step, these items among them
     */
    Heritage taken(NamespacePath path, Items items, Map<NamespacePath, Items> together) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Map<NamespacePath, Parent> found = parents(path, items);
            Heritage heritage = of(path, found);
            // Read when they knew: what they publish from now on they give to this heir, too.
            if (found.values().stream().allMatch(Parent::knows)) {
                return withoutCircle(path, heritage, found, together);
            }
            heirs.add(path, found);
        }
        throw new Problem(RequestProblem.CONFLICT, "What this namespace inherits is made and deleted all the time.");
    }

    /**
     * A release holds what its parents had when it was made. What they get in the same step, or got since, may lead back to it.
     *
     * @return with the versions of all that has a say in that
     */
    private Heritage withoutCircle(
            NamespacePath path,
            Heritage heritage,
            Map<NamespacePath, Parent> parents,
            Map<NamespacePath, Items> together) {
        var lineage = new Lineage(namespaces, together);
        parents.forEach((parent, found) -> found.release().ifPresent(release -> lineage.know(parent, release.items())));
        if (lineage.of(path).contains(path)) {
            throw invalid(path, "'" + name(path) + "' would inherit itself.");
        }
        SortedMap<NamespacePath, Integer> versions = new TreeMap<>(heritage.versions());
        lineage.versions().forEach(versions::putIfAbsent);
        return new Heritage(heritage.inherited(), versions);
    }

    /** Of all that these items inherit; none if they can't. */
    Set<String> keys(NamespacePath path, Items items) {
        try {
            return of(path, items).inherited().stream()
                    .flatMap(one -> one.items().keys().stream())
                    .collect(Collectors.toSet());
        } catch (Problem invalid) {
            return Set.of();
        }
    }

    private static Links links(NamespacePath path, Items items) {
        try {
            return Leaves.links(path, items);
        } catch (IllegalArgumentException e) {
            throw invalid(path, "The draft of '" + path.namespace() + "' has a wrong " + e.getMessage() + ".");
        }
    }

    private static Problem invalid(NamespacePath path, String detail) {
        return new Problem(ConfigProblem.INVALID_PARENT, detail, Map.of("namespace", path.namespace()));
    }

    private static Release release(NamespacePath path, NamespacePath parent, Parent found) {
        boolean own = parent.application().equals(path.application());
        Items released = found.release().map(Release::items).orElse(Items.NONE);
        boolean shared = own || links(parent, released).isSharedWith(path.application());
        // One answer to both: what isn't shared is not to be found out.
        return found.release()
                .filter(release -> shared)
                .orElseThrow(() -> invalid(
                        path,
                        "'" + name(parent) + "' has no release in this stage that is shared with '" + path.application()
                                + "'."));
    }

    /** A few lines may become many items. */
    private static Items inherited(NamespacePath parent, Items released) {
        Items inherited = Leaves.inherited(parent, released);
        if (Format.of(parent.namespace()).isDocument()) {
            ItemRules.encode(inherited);
        }
        return inherited;
    }

    private void add(Map<NamespacePath, Inherited> nearest, NamespacePath path, Inherited one) {
        nearest.putIfAbsent(
                one.path(),
                new Inherited(one.path(), one.number(), one.items(), secrets.dataKeys(one.path(), one.items(), path)));
    }

    private static void check(NamespacePath path, List<NamespacePath> parents, Map<NamespacePath, Inherited> nearest) {
        if (nearest.containsKey(path)) {
            throw invalid(path, "'" + name(path) + "' would inherit itself.");
        }
        checkCount(path, nearest.size());
        int depth = depth(parents, nearest, DEEPEST + 1);
        if (depth > DEEPEST) {
            throw invalid(path, "It would inherit over more than " + DEEPEST + " steps.");
        }
    }

    private static void checkCount(NamespacePath path, int inherited) {
        if (inherited > MOST) {
            throw invalid(path, "It would inherit " + inherited + " namespaces, " + MOST + " at most.");
        }
    }

    /** At most that many, also where there is a circle. */
    private static int depth(List<NamespacePath> parents, Map<NamespacePath, Inherited> known, int most) {
        int deepest = 0;
        for (NamespacePath parent : most == 0 ? List.<NamespacePath>of() : parents) {
            Inherited one = known.get(parent);
            int below = one == null ? 0 : depth(links(parent, one.items()).parents(), known, most - 1);
            deepest = Math.max(deepest, 1 + below);
        }
        return deepest;
    }

    private static String name(NamespacePath path) {
        return path.application() + "/" + path.namespace();
    }

    /** Those whose release in effect has it, by name. */
    List<HeirView> heirs(NamespacePath parent) {
        List<HeirView> views = new ArrayList<>();
        for (NamespacePath heir : heirs.of(parent)) {
            namespaces
                    .read(heir)
                    .release()
                    .ifPresent(release -> release.inheritedFrom(parent)
                            .ifPresent(one -> views.add(new HeirView(
                                    heir.application(),
                                    heir.namespace(),
                                    release.number(),
                                    one.number(),
                                    waiting.problem(heir)))));
        }
        return views;
    }

    /** Applications that have it, or would if a canary is promoted; one too large to be seen here counts as one that does. */
    private Set<String> inheritors(NamespacePath parent) {
        return heirs.of(parent).stream()
                .filter(heir -> inherits(namespaces.read(heir), parent))
                .map(NamespacePath::application)
                .collect(Collectors.toSet());
    }

    private static boolean inherits(NamespaceState heir, NamespacePath parent) {
        return heir.release().flatMap(release -> release.inheritedFrom(parent)).isPresent()
                || heir.canary()
                        .filter(canary -> canary.release()
                                .map(release -> release.inheritedFrom(parent).isPresent())
                                .orElse(true))
                        .isPresent();
    }

    /**
     * @param items that are to be published
     * @throws Problem {@link ConfigProblem#STILL_INHERITED} if they would no longer be shared with somebody who inherits them
     */
    void checkStillShared(NamespacePath path, NamespaceState state, Items items) {
        Links before = links(path, state.released());
        Links after = links(path, items);
        if (!before.sharedWith().equals(after.sharedWith())) {
            refuse(
                    path,
                    inheritors(path).stream()
                            .filter(application -> !application.equals(path.application()))
                            .filter(application -> !after.isSharedWith(application))
                            .collect(Collectors.toSet()));
        }
    }

    /** @throws Problem {@link ConfigProblem#STILL_INHERITED} if another application inherits one of them */
    void checkNobodyElseInherits(List<NamespacePath> paths) {
        paths.forEach(path -> refuse(
                path,
                inheritors(path).stream()
                        .filter(application -> !application.equals(path.application()))
                        .collect(Collectors.toSet())));
    }

    private static void refuse(NamespacePath path, Set<String> applications) {
        if (!applications.isEmpty()) {
            List<String> names = applications.stream().sorted().toList();
            throw new Problem(
                    ConfigProblem.STILL_INHERITED,
                    "'" + path.namespace() + "' is inherited by " + String.join(", ", names) + ".",
                    Map.of("namespace", path.namespace(), "applications", names));
        }
    }

    /** What differs from what the release has, in words; empty if nothing does. */
    static Optional<String> news(Release release, Heritage now) {
        List<String> before =
                release.inherited().stream().map(Inheritance::state).toList();
        List<String> after = now.inherited().stream().map(Inheritance::state).toList();
        if (before.equals(after)) {
            return Optional.empty();
        }
        String changed = now.inherited().stream()
                .filter(one -> !before.contains(state(one)))
                .map(Inheritance::state)
                .collect(Collectors.joining(", "));
        return Optional.of("inherits " + (changed.isEmpty() ? "less" : changed));
    }

    private static String state(Inherited one) {
        return name(one.path()) + " at release " + one.number();
    }
}
