package io.switchboard.config.validation;

import io.switchboard.config.validation.ItemCheck.Fault;
import io.switchboard.configprotocol.Constraint;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.KnownProperty;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ValidationApi.BuildView;
import io.switchboard.contracts.config.ValidationApi.Finding;
import io.switchboard.contracts.config.ValidationApi.FindingKind;
import io.switchboard.contracts.config.ValidationApi.KeyView;
import io.switchboard.contracts.config.ValidationApi.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Checks what would be released against what the application's builds take. */
@Component
public class DraftCheck {

    private static final int MOST_FINDINGS = 100;
    private static final int MOST_KEYS = 100;

    /** For all builds together: patterns and names are the application's. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Builds builds;

    DraftCheck(Builds builds) {
        this.builds = builds;
    }

    /**
     * What is to be released.
     *
     * @param before what clients read now
     * @param beside other keys that the application will find in the center; asked for only if something may refer to them
     */
    public record Subject(NamespacePath path, Items items, Items before, Supplier<Set<String>> beside) {}

    /** @param builds it was checked against */
    public record Result(List<String> builds, List<Finding> findings, List<KeyView> keys) {

        public static final Result NONE = new Result(List.of(), List.of(), List.of());

        /** Errors first, as they were. */
        public Result with(List<Finding> others) {
            List<Finding> all = new ArrayList<>(findings);
            all.addAll(others);
            all.sort(Comparator.comparing(Finding::severity));
            return new Result(builds, all.stream().limit(MOST_FINDINGS).toList(), keys);
        }

        public List<Finding> errors() {
            return findings.stream()
                    .filter(finding -> finding.severity() == Severity.ERROR)
                    .toList();
        }
    }

    /** Of any of the application's namespaces. */
    public List<BuildView> builds(NamespacePath path) {
        return builds.list(path);
    }

    /** The keys that clients see of such items. */
    public static Set<String> keys(NamespacePath path, Items items) {
        return Leaves.of(path, items).keySet();
    }

    /** Keys that clients see other than before. */
    public static SortedSet<String> changed(NamespacePath path, Items before, Items after) {
        SortedMap<String, @Nullable String> was = Leaves.of(path, before);
        SortedMap<String, @Nullable String> is = Leaves.of(path, after);
        var keys = new TreeSet<>(after.secrets().keySet());
        keys.retainAll(after.changedSince(before));
        was.keySet().stream().filter(key -> !is.containsKey(key)).forEach(keys::add);
        is.forEach((key, value) -> {
            if (!was.containsKey(key) || !Objects.equals(value, was.get(key))) {
                keys.add(key);
            }
        });
        return keys;
    }

    /** In place of what lay there. */
    public BuildView leave(NamespacePath path, String build, byte[] metadata) {
        return builds.leave(path, build, metadata);
    }

    /** What one build would refuse, whichever run; empty if it isn't there. */
    public Optional<List<Finding>> check(Subject subject, String build) {
        return builds.named(subject.path(), build)
                .map(one -> check(subject, List.of(one), deadline()).findings());
    }

    /** For all checks of one namespace. */
    public static Deadline deadline() {
        return Deadline.in(LONGEST);
    }

    /** @param connected builds that run */
    public Result check(Subject subject, Set<String> connected, Deadline deadline) {
        return check(subject, builds.running(subject.path(), connected), deadline);
    }

    private static Result check(Subject subject, List<Builds.Checked> running, Deadline deadline) {
        SortedSet<String> changed = changed(subject.path(), subject.before(), subject.items());
        var found = new LinkedHashMap<Told, List<String>>();
        for (Builds.Checked build : running) {
            for (Told told : new Look(subject, changed, build.properties()).all(deadline)) {
                found.computeIfAbsent(told, key -> new ArrayList<>()).add(build.build());
            }
        }
        List<Finding> findings = found.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(
                        Comparator.comparing((Told told) -> told.fault().severity())
                                .thenComparing(Told::key)))
                .limit(MOST_FINDINGS)
                .map(entry -> entry.getKey().finding(entry.getValue()))
                .toList();
        return new Result(running.stream().map(Builds.Checked::build).toList(), findings, described(changed, running));
    }

    private static List<KeyView> described(SortedSet<String> changed, List<Builds.Checked> running) {
        return changed.stream()
                .limit(MOST_KEYS)
                .flatMap(key -> running.stream()
                        .flatMap(build -> build.properties().property(key).stream())
                        .findFirst()
                        .map(known -> new KeyView(key, known.type(), known.description(), known.defaultValue()))
                        .stream())
                .toList();
    }

    /** A fault at a key; the same one of several builds is one. */
    private record Told(String key, Fault fault) {

        Finding finding(List<String> builds) {
            return new Finding(
                    fault.severity(),
                    fault.kind(),
                    key,
                    fault.message(),
                    fault.suggestion().get(),
                    builds);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Told(String otherKey, Fault otherFault)
                    && key.equals(otherKey)
                    && fault.kind() == otherFault.kind()
                    && fault.severity() == otherFault.severity()
                    && fault.message().equals(otherFault.message());
        }

        @Override
        public int hashCode() {
            return Objects.hash(key, fault.kind(), fault.message());
        }
    }

    /** One look at all items with the eyes of one build. */
    private static final class Look {

        private final SortedMap<String, @Nullable String> items;
        private final Set<String> changed;
        private final Set<String> removed = new HashSet<>();
        private final KnownProperties known;
        private final Supplier<Set<String>> beside;
        private @Nullable Set<String> given;

        Look(Subject subject, SortedSet<String> changed, KnownProperties known) {
            this.items = Leaves.of(subject.path(), subject.items());
            this.changed = changed;
            this.known = known;
            this.beside = subject.beside();
            changed.stream().filter(key -> !items.containsKey(key)).forEach(removed::add);
        }

        List<Told> all(Deadline deadline) {
            List<Told> all = new ArrayList<>();
            for (Map.Entry<String, @Nullable String> item : items.entrySet()) {
                String key = item.getKey();
                String value = item.getValue();
                for (Fault fault : ItemCheck.of(key, value, known, deadline)) {
                    all.add(new Told(key, changed.contains(key) ? fault : fault.asBefore()));
                }
                if (value != null && References.isIn(value)) {
                    missing(key, value).ifPresent(fault -> all.add(new Told(key, fault)));
                }
                if (deadline.isOver()) {
                    all.add(new Told(key, Fault.UNFINISHED));
                    return all;
                }
            }
            for (String key : removed) {
                required(key).ifPresent(fault -> all.add(new Told(key, fault)));
            }
            return all;
        }

        private Optional<Fault> missing(String key, String value) {
            List<String> missing =
                    References.of(value).stream().filter(name -> !isGiven(name)).toList();
            if (missing.isEmpty()) {
                return Optional.empty();
            }
            boolean isNew = changed.contains(key)
                    || missing.stream()
                            .anyMatch(name -> removed.stream()
                                    .anyMatch(gone -> Names.letters(gone).equals(Names.letters(name))));
            Fault fault = Fault.error(
                    FindingKind.REFERENCE,
                    "It refers to " + shown(missing.getFirst())
                            + ", which is neither in the center nor where the application started.");
            return Optional.of(isNew ? fault : fault.asBefore());
        }

        /** What is no key may be a part of the value that only looks like a reference. */
        private static String shown(String name) {
            return name.matches("[A-Za-z0-9._-]{1,100}") ? "'" + name + "'" : "something";
        }

        private boolean isGiven(String name) {
            if (known.isElsewhere(name)) {
                return true;
            }
            return given().contains(Names.letters(name));
        }

        private Set<String> given() {
            if (given == null) {
                Set<String> all = new HashSet<>();
                items.keySet().forEach(key -> all.add(Names.letters(key)));
                beside.get().forEach(key -> all.add(Names.letters(key)));
                given = all;
            }
            return given;
        }

        private Optional<Fault> required(String key) {
            boolean needed = known
                    .property(key)
                    .filter(property -> property.defaultValue().isEmpty())
                    .map(KnownProperty::constraints)
                    .orElse(List.of())
                    .stream()
                    .anyMatch(constraint -> constraint.kind() == Constraint.Kind.REQUIRED);
            return needed && !isGiven(key)
                    ? Optional.of(Fault.warning(
                            FindingKind.REQUIRED, "The application needs it, and it is taken out.", Optional::empty))
                    : Optional.empty();
        }
    }
}
