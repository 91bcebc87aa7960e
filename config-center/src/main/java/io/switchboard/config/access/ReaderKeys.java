package io.switchboard.config.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reader keys by which an application's clients read, all of them valid beside each other.
 *
 * @param keys newest first, at least one
 */
public record ReaderKeys(List<Key> keys) {

    /** What every application has from the beginning. */
    public static final ReaderKeys FIRST = new ReaderKeys(List.of(new Key("first", "", Instant.EPOCH, "", true, null)));

    public ReaderKeys {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("an application must have a reader key");
        }
    }

    /**
     * One of them. The secret is derived, and no part of it.
     *
     * @param salt what makes its secret another one than those of all other keys, also of former ones with this id
     * @param given whether tasks that start get it: it opens all nodes by then
     * @param retiresAt when the center has it read nothing any more; null for one that stays
     */
    public record Key(
            String id,
            String salt,
            Instant issuedAt,
            String issuedBy,
            boolean given,
            @Nullable Instant retiresAt) {

        public Key settled() {
            return new Key(id, salt, issuedAt, issuedBy, true, retiresAt);
        }

        /** Never later than it would have been. */
        public Key retiring(Instant at) {
            return retiresAt != null && !retiresAt.isAfter(at)
                    ? this
                    : new Key(id, salt, issuedAt, issuedBy, given, at);
        }

        public boolean isDue(Instant now) {
            return retiresAt != null && !retiresAt.isAfter(now);
        }
    }

    public Optional<Key> byId(String id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    /** What a task that starts gets. */
    public Key newest() {
        return keys.stream().filter(Key::given).findFirst().orElse(keys.getLast());
    }
}
