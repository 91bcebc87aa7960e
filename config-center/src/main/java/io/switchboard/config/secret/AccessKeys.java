package io.switchboard.config.secret;

import io.switchboard.config.audit.OwnAct;
import io.switchboard.config.audit.OwnActs;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.secret.AccessRing.Note;
import io.switchboard.config.secret.KeyNodes.Keys;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Sealed;
import io.switchboard.configprotocol.SealingKey;
import io.switchboard.contracts.problem.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The keys by which an application's tasks in one stage open its encrypted items, and how another one takes their place. All of
 * them open what is released; a new one is given to tasks once also that is sealed for it which is in effect.
 */
@Component
public class AccessKeys {

    private static final int MOST = 3;

    private final Secrets secrets;
    private final MasterKeys masterKeys;
    private final KeyNodes nodes;
    private final OwnActs acts;
    private final Clock clock;

    AccessKeys(Secrets secrets, MasterKeys masterKeys, KeyNodes nodes, OwnActs acts, Clock clock) {
        this.secrets = secrets;
        this.masterKeys = masterKeys;
        this.nodes = nodes;
        this.acts = acts;
        this.clock = clock;
    }

    /**
     * What opens encrypted items, for the tasks of a workload: the same each time, while it is valid.
     *
     * @param stage any namespace of it
     * @param workload null for the newest
     * @param before whether it got something already when there was one key only, and nothing was written down
     * @return empty if this center keeps no encrypted items
     */
    public Optional<SealingKey> give(NamespacePath stage, @Nullable String workload, boolean before) {
        if (masterKeys.isEmpty()) {
            return Optional.empty();
        }
        String path = ensured(stage);
        Keys keys = nodes.changeKeys(path, there -> {
            AccessRing ring = there.notes();
            String had = workload == null ? null : ring.workloads().get(workload);
            return workload == null || had != null && ring.has(had)
                    ? there
                    : new Keys(
                            there.keys(),
                            ring.gave(
                                    workload,
                                    before && had == null
                                            ? ring.notes().getLast().id()
                                            : ring.newest().id()));
        });
        String id = workload == null ? null : keys.notes().workloads().get(workload);
        return Optional.of(opened(path, keys, id == null ? keys.notes().newest().id() : id));
    }

    public AccessRing ring(NamespacePath stage) {
        masterKeys.current();
        return nodes.keys(Secrets.application(stage)).notes();
    }

    /**
     * Makes another key beside those that are, for which all is sealed from now on, and gives all others an end; the newest one of
     * that id stays as it is.
     *
     * @return whether anything changed
     */
    public Begun begin(NamespacePath stage, String id, Duration overlap, String author) {
        Instant now = clock.instant();
        Instant end = now.plus(overlap).truncatedTo(ChronoUnit.MILLIS);
        SealingKey master = masterKeys.current();
        String path = ensured(stage);
        Sealed another = master.sealKey(Secrets.context(path), SealingKey.random());
        UnaryOperator<Keys> change = there -> {
            AccessRing ring = there.notes();
            if (ring.notes().getFirst().id().equals(id)) {
                return new Keys(there.keys(), ring.retiringOthers(end));
            }
            if (ring.has(id)) {
                throw new Problem(SecretProblem.ACCESS_KEY_IS_OLDER, "'" + id + "' is one of the older access keys.");
            }
            if (there.keys().size() == MOST) {
                throw new Problem(SecretProblem.TOO_MANY_ACCESS_KEYS, "There are " + MOST + " access keys, the most.");
            }
            List<Sealed> more = new ArrayList<>(there.keys());
            more.addFirst(another);
            return new Keys(
                    more, ring.with(new Note(id, now, author, false, null)).retiringOthers(end));
        };
        var before = new AtomicReference<Keys>();
        Keys after = nodes.changeKeys(
                path,
                there -> {
                    before.set(there);
                    return change.apply(there);
                },
                stage,
                keys -> marks(stage, keys),
                zookeeper -> List.of());
        return new Begun(end, !after.equals(before.get()));
    }

    private static Set<String> marks(NamespacePath stage, Keys keys) {
        return keys.notes().ends().stream()
                .map(end -> new Ending(stage, end).node())
                .collect(Collectors.toSet());
    }

    /**
     * A rotation whose keys are there.
     *
     * @param end of the others, if none had an earlier one
     * @param changed whether it did anything: the same call twice does it once
     */
    public record Begun(Instant end, boolean changed) {}

    /** The id by which what is sealed for the newest key says so. */
    public String newestKeyId(NamespacePath stage) {
        String path = ensured(stage);
        return newestKeyId(path, nodes.keys(path));
    }

    private String newestKeyId(String path, Keys keys) {
        return opened(path, keys, keys.notes().notes().getFirst().id()).id();
    }

    public boolean isSealed(NamespacePath stage) {
        return nodes.keys(Secrets.application(stage)).notes().notes().getFirst().given();
    }

    /**
     * All that is in effect is sealed for that key; does nothing if it isn't the newest any more.
     *
     * @param keyId as {@link #newestKeyId} said before anything was sealed
     */
    public void sealed(NamespacePath stage, String keyId) {
        String path = ensured(stage);
        nodes.changeKeys(
                path,
                there -> newestKeyId(path, there).equals(keyId)
                        ? new Keys(there.keys(), there.notes().given())
                        : there);
    }

    /**
     * Has nothing sealed any more for those whose time has come, nor with a data key that they have opened. May be repeated. They stay
     * until tasks can have the newest.
     *
     * @param asked whether a call asks for it, which has an entry of its own in the audit
     * @return ids of those that this call retired
     */
    public List<String> retireDue(NamespacePath stage, Instant at, boolean asked) {
        var ending = new Ending(stage, at);
        String path = Secrets.application(stage);
        if (!isSealed(stage)) {
            return List.of();
        }
        Set<String> gone = new LinkedHashSet<>();
        nodes.changeKeys(
                path,
                there -> {
                    AccessRing ring = there.notes();
                    List<String> due = ring.due(at);
                    gone.clear();
                    gone.addAll(due);
                    if (due.isEmpty()) {
                        return there;
                    }
                    List<Sealed> left = new ArrayList<>();
                    for (int index = 0; index < there.keys().size(); index++) {
                        if (!due.contains(ring.notes().get(index).id())) {
                            left.add(there.keys().get(index));
                        }
                    }
                    return new Keys(left, ring.without(due));
                },
                stage,
                keys -> Set.of(),
                zookeeper -> asked
                        ? List.of()
                        : acts.steps(
                                zookeeper,
                                gone.stream()
                                        .map(id -> OwnAct.inStage(stage, "access-key.retire", id))
                                        .toList()));
        // Also if somebody else retired them, who may have been cut off here.
        nodes.namespaces(stage).forEach(secrets::renewDataKey);
        nodes.delete(stage, ending.node());
        return List.copyOf(gone);
    }

    private String ensured(NamespacePath stage) {
        secrets.ensureAccessKey(stage);
        return Secrets.application(stage);
    }

    private SealingKey opened(String path, Keys keys, String id) {
        return masterKeys.open(
                Secrets.context(path), keys.keys().get(keys.notes().index(id)));
    }

    /** A mark that access keys of a stage end at that time. */
    public record Ending(NamespacePath stage, Instant at) {

        public static final String PARENT = Documents.ROOT + "/access-retiring";

        public Ending {
            stage = stage.sibling(NamespacePath.DEFAULT_NAMESPACE);
            at = Instant.ofEpochMilli(at.toEpochMilli());
        }

        String node() {
            return PARENT + "/"
                    + String.join(
                            "~", stage.tenant(), stage.application(), stage.stage(), Long.toString(at.toEpochMilli()));
        }

        /** Empty for what is none of ours. */
        public static Optional<Ending> of(String name) {
            String[] parts = name.split("~", -1);
            try {
                return parts.length != 4
                        ? Optional.empty()
                        : Optional.of(new Ending(
                                new NamespacePath(parts[0], parts[1], parts[2], NamespacePath.DEFAULT_NAMESPACE),
                                Instant.ofEpochMilli(Long.parseLong(parts[3]))));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }
}
