package io.switchboard.config.namespace;

import io.switchboard.config.validation.Deadline;
import io.switchboard.config.validation.DraftCheck;
import io.switchboard.config.validation.DraftCheck.Result;
import io.switchboard.config.validation.DraftCheck.Subject;
import io.switchboard.config.validation.Leaves;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.Inherited;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.config.ValidationApi.CheckView;
import io.switchboard.contracts.config.ValidationApi.ClientChange;
import io.switchboard.contracts.config.ValidationApi.Finding;
import io.switchboard.contracts.problem.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Has drafts checked before they are released, with what is around them. */
@Component
class DraftChecks {

    private static final int MOST_NAMED = 20;
    private static final int MOST_GROUPS = 20;
    private static final int MOST_KEYS = 100;
    private static final int MOST_HEIRS = 20;

    private final Namespaces namespaces;
    private final ReleaseHistory history;
    private final DraftCheck check;
    private final Inheritance inheritance;
    private final Heirs heirs;

    DraftChecks(Namespaces namespaces, ReleaseHistory history, DraftCheck check, Inheritance inheritance, Heirs heirs) {
        this.namespaces = namespaces;
        this.history = history;
        this.check = check;
        this.inheritance = inheritance;
        this.heirs = heirs;
    }

    /** Errors that somebody released in spite of, and why. */
    record Accepted(SortedSet<String> keys, String reason) {}

    /**
     * @param together all drafts that are to be released in that step, this one among them
     * @param accept why errors don't matter; null if they do
     * @return what was accepted; empty if nothing had to be
     * @throws Problem {@link ConfigProblem#DRAFT_UNFIT} naming the keys and what is wrong with each
     */
    Optional<Accepted> require(
            NamespacePath path,
            NamespaceState state,
            Map<NamespacePath, NamespaceState> together,
            @Nullable String accept) {
        List<Finding> errors = result(path, state, together, () -> namespaces.clientsIfListed(path))
                .errors();
        if (errors.isEmpty()) {
            return Optional.empty();
        }
        SortedSet<String> keys = errors.stream().map(Finding::key).collect(Collectors.toCollection(TreeSet::new));
        if (accept == null || accept.isBlank()) {
            SortedSet<String> unfit = errors.stream()
                    .flatMap(error -> error.heir().stream())
                    .collect(Collectors.toCollection(TreeSet::new));
            throw new Problem(
                    ConfigProblem.DRAFT_UNFIT,
                    "The draft of '" + path.namespace() + "' does not fit at "
                            + quoted(keys)
                            + (unfit.isEmpty() ? "." : ", for its heirs " + quoted(unfit) + "."),
                    Map.of("namespace", path.namespace(), "findings", errors));
        }
        return Optional.of(new Accepted(keys, accept.strip()));
    }

    private static String quoted(SortedSet<String> names) {
        return names.stream().limit(MOST_NAMED).collect(Collectors.joining("', '", "'", "'"));
    }

    CheckView view(NamespacePath path) {
        NamespaceState state = namespaces.read(path);
        List<ClientReport> clients = namespaces.clientsIfListed(path);
        Result result = result(path, state, Map.of(path, state), () -> clients);
        return new CheckView(
                state.revision(), result.builds(), result.findings(), result.keys(), changes(path, state, clients));
    }

    private Result result(
            NamespacePath path,
            NamespaceState state,
            Map<NamespacePath, NamespaceState> together,
            Supplier<List<ClientReport>> clients) {
        Deadline deadline = DraftCheck.deadline();
        Result result = state.guards().built() ? ofBuilds(path, state, together, clients.get(), deadline) : Result.NONE;
        return result.with(state.schema()
                        .map(schema -> schema.findings(
                                Format.of(path.namespace()), content(state.released()), content(state.draft())))
                        .orElse(List.of()))
                .with(state.guards().inherited() ? ofHeirs(path, together, deadline) : List.of());
    }

    /** What builds of those would refuse who inherit it, as far as that is found in time. */
    private List<Finding> ofHeirs(NamespacePath path, Map<NamespacePath, NamespaceState> together, Deadline deadline) {
        Lineage lineage = lineage(together);
        List<Finding> findings = new ArrayList<>();
        for (NamespacePath heir : heirs.first(path, MOST_HEIRS)) {
            if (deadline.isOver()) {
                break;
            }
            NamespaceState state = namespaces.read(heir);
            if (state.release().isPresent()
                    && state.guards().built()
                    && lineage.of(heir).contains(path)) {
                var subject = new Subject(heir, next(heir, lineage), applying(state), () -> besides(heir, together));
                check.check(subject, builds(namespaces.clientsIfListed(heir)), deadline).errors().stream()
                        .map(error -> error.of(heir.application() + "/" + heir.namespace()))
                        .forEach(findings::add);
            }
        }
        return findings;
    }

    private Lineage lineage(Map<NamespacePath, NamespaceState> together) {
        return new Lineage(
                namespaces,
                together.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, one -> one.getValue().draft())));
    }

    /** What clients will read, on top of what it inherits then. */
    private static Items next(NamespacePath path, Lineage lineage) {
        List<Inherited> inherited = lineage.of(path).stream()
                .map(one -> new Inherited(one, 1, Leaves.inherited(one, lineage.items(one)), List.of()))
                .toList();
        return applying(path, lineage.items(path), inherited);
    }

    private static Items applying(Release release) {
        return applying(release.path(), release.items(), release.inherited());
    }

    /** What clients read now, on top of what it inherits. */
    private static Items applying(NamespaceState state) {
        return state.release().map(DraftChecks::applying).orElse(Items.NONE);
    }

    private static Items applying(NamespacePath path, Items own, List<Inherited> inherited) {
        return Layers.of(
                        path,
                        new Content(own, Comments.NONE),
                        Optional.empty(),
                        inherited,
                        (one, release) -> Comments.NONE)
                .content()
                .items();
    }

    private static Set<String> builds(List<ClientReport> clients) {
        return clients.stream().flatMap(client -> client.build().stream()).collect(Collectors.toSet());
    }

    private Result ofBuilds(
            NamespacePath path,
            NamespaceState state,
            Map<NamespacePath, NamespaceState> together,
            List<ClientReport> clients,
            Deadline deadline) {
        var subject = new Subject(path, next(path, lineage(together)), applying(state), () -> besides(path, together));
        return check.check(subject, builds(clients), deadline);
    }

    private static String content(Items items) {
        return items.values().getOrDefault(Format.CONTENT, "");
    }

    /** What else the application may read from the center once this is released. */
    private Set<String> besides(NamespacePath path, Map<NamespacePath, NamespaceState> together) {
        Set<String> keys = new HashSet<>();
        together.forEach((one, state) -> keys.addAll(inheritance.keys(one, state.draft())));
        for (String name : namespaces.names(path)) {
            NamespacePath other = path.sibling(name);
            if (!other.equals(path)) {
                NamespaceState alongside = together.get(other);
                NamespaceState there = alongside == null ? namespaces.read(other) : alongside;
                keys.addAll(DraftCheck.keys(other, alongside == null ? there.released() : there.draft()));
                there.release()
                        .ifPresent(release -> release.inherited()
                                .forEach(one -> keys.addAll(one.items().keys())));
            }
        }
        return keys;
    }

    private List<ClientChange> changes(NamespacePath path, NamespaceState state, List<ClientReport> clients) {
        Map<Group, List<ClientReport>> groups = clients.stream()
                .collect(Collectors.groupingBy(
                        client -> new Group(client.release(), client.build()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        Items next = next(path, lineage(Map.of(path, state)));
        List<ClientChange> changes = new ArrayList<>();
        groups.forEach((group, members) -> {
            if (changes.size() < MOST_GROUPS) {
                SortedSet<String> keys = DraftCheck.changed(path, running(path, state, group.release()), next);
                changes.add(new ClientChange(
                        group.release(),
                        group.build(),
                        members.size(),
                        members.stream()
                                .map(ClientReport::client)
                                .limit(MOST_NAMED)
                                .toList(),
                        keys.stream().limit(MOST_KEYS).toList()));
            }
        });
        return changes;
    }

    private record Group(long release, Optional<String> build) {}

    /** What a client runs, with what it inherits; the release in effect if its own is not kept any more. */
    private Items running(NamespacePath path, NamespaceState state, long release) {
        if (release == state.number()) {
            return applying(state);
        }
        return release == 0
                ? Items.NONE
                : history.kept(path, release).map(DraftChecks::applying).orElseGet(() -> applying(state));
    }
}
