package io.switchboard.config.backup;

import io.switchboard.config.credential.Keyring;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether a backup's entries are what clients and centers can read, before any of them is restored: they are given in their order.
 * Drafts are not opened; one that can't be read is its editor's to replace.
 */
final class Contents {

    /** As a stage may have; the pointers of all of them are made in one step. */
    private static final int MOST_NAMESPACES = 100;

    private static final int LARGEST_POINTER = Current.LARGEST_INLINE + 1024;
    private static final int LARGEST_CANARY = Current.LARGEST_INLINE + 64 * 1024;

    /** Of all drafts together: each is a step of its own to restore. */
    private static final long MOST_REVISIONS = 10_000_000;

    private final JsonMapper json;
    private long revisions;
    private long namespaces;
    private long releases;
    private long earlierReleases;

    private @Nullable NamespacePath path;
    private int inStage;
    private final EnumSet<Place> there = EnumSet.noneOf(Place.class);
    private final Set<Pointer> missing = new HashSet<>();

    Contents(JsonMapper json) {
        this.json = json;
    }

    long namespaces() {
        return namespaces;
    }

    long releases() {
        return releases;
    }

    long earlierReleases() {
        return earlierReleases;
    }

    /** @throws Problem {@link BackupProblem#NO_BACKUP} */
    void check(Entry entry) {
        Address address = entry.address();
        if (entry.revision() != 0 && address.place() != Place.DRAFT && address.place() != Place.BUILD) {
            throw wrong(address, "has a revision");
        }
        if (address.place().owner() == Place.Owner.NAMESPACE) {
            begin(address.path());
            there.add(address.place());
        }
        try {
            checkContent(entry, address);
        } catch (DamagedContent | JacksonException | IllegalArgumentException e) {
            // Their messages may repeat what they read.
            throw wrong(address, "can't be read");
        }
    }

    private void checkContent(Entry entry, Address address) throws DamagedContent {
        byte[] content = entry.content();
        switch (address.place()) {
            case READERS_UNSETTLED, READERS_RETIRING, BUILDS, DUE, CANARY_RUNNING, ACCESS_RETIRING ->
                checkSize(address, content, 0);
            case READER_KEYS -> {
                checkDocument(address, content);
                json.readValue(content, Keyring.class).readers();
            }
            case FREEZES, READER_KEY_USES, RULES, SCHEDULE, CANARIES, ACCESS_KEYS, SCHEMA, DATA_KEYS, REVIEW ->
                checkDocument(address, content);
            case BUILD -> {
                if (entry.revision() > Backup.MOST_BUILDS) {
                    throw wrong(address, "is one of too many");
                }
            }
            case DRAFT -> {
                revisions += entry.revision();
                if (revisions > MOST_REVISIONS) {
                    throw BackupProblem.noBackup("The drafts have more than " + MOST_REVISIONS + " revisions.");
                }
            }
            case CURRENT -> {
                checkSize(address, content, LARGEST_POINTER);
                Pointer pointer = Current.decode(content, address.path()).pointer();
                if (pointer.number() > 0) {
                    missing.add(pointer);
                }
            }
            case CANARY -> {
                checkSize(address, content, LARGEST_CANARY);
                missing.add(Canary.decode(content, address.path()).pointer());
            }
            case RELEASE -> {
                missing.remove(release(address, content).pointer());
                releases++;
            }
            case COMMENTS -> Items.decode(content);
            case EARLIER_RELEASE -> {
                release(address, content);
                earlierReleases++;
            }
        }
    }

    private void checkDocument(Address address, byte[] content) {
        if (!json.readTree(content).isContainer()) {
            throw wrong(address, "can't be read");
        }
    }

    private static void checkSize(Address address, byte[] content, int most) {
        if (content.length > most) {
            throw wrong(address, "is larger than any of ours");
        }
    }

    private static Release release(Address address, byte[] content) throws DamagedContent {
        Release release = Release.decode(content);
        NamespacePath path = address.path();
        boolean inherits = release.inherited().stream()
                .allMatch(one -> one.path().tenant().equals(path.tenant())
                        && one.path().stage().equals(path.stage()));
        if (!release.path().equals(path) || release.number() != address.number() || !inherits) {
            throw wrong(address, "belongs elsewhere");
        }
        return release;
    }

    private void begin(NamespacePath next) {
        if (!next.equals(path)) {
            boolean sameStage = path != null && path.stageNode().equals(next.stageNode());
            end();
            inStage = sameStage ? inStage + 1 : 1;
            if (inStage > MOST_NAMESPACES) {
                throw BackupProblem.noBackup(
                        "There are more than " + MOST_NAMESPACES + " namespaces beside " + next + ".");
            }
            path = next;
            namespaces++;
        }
    }

    /** After the last entry. */
    void end() {
        if (path != null && (!there.contains(Place.DRAFT) || !there.contains(Place.CURRENT) || !missing.isEmpty())) {
            throw BackupProblem.noBackup("Its draft, its pointer or the release in effect is missing of " + path + ".");
        }
        there.clear();
        missing.clear();
    }

    private static Problem wrong(Address address, String what) {
        return BackupProblem.noBackup("The entry " + address.place() + " of " + address.path() + " " + what + ".");
    }
}
