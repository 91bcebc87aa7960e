package io.switchboard.config.namespace;

import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.Items;
import io.switchboard.contracts.problem.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * The unpublished state of a namespace, as it stands in its node.
 *
 * @param authors who changed each key last, for the keys that are there or that the release in effect still has; what was
 *     changed before this was kept has no entry
 */
record Draft(Items items, Items authors) {

    static final Draft NONE = new Draft(Items.NONE, Items.NONE);

    /** Before authors were kept, the node held the items and nothing around them. */
    private static final byte[] KIND = "SBDR\1".getBytes(StandardCharsets.ISO_8859_1);

    /** Compressed; beside the largest items they leave room in the mebibyte of a node. */
    private static final int LARGEST_AUTHORS = 256 * 1024;

    /**
     * With these changes.
     *
     * @param after what it holds with them
     * @param released what clients read
     */
    Draft with(Items after, String author, Items released) {
        var by = new TreeMap<>(authors.values());
        after.changedSince(items).forEach(key -> by.put(key, author));
        by.keySet()
                .removeIf(key -> !after.keys().contains(key) && !released.keys().contains(key));
        return new Draft(after, Items.of(by));
    }

    /** Holding these items instead; who did that is the author of what is other than before. */
    Draft replacedBy(Items other, String author) {
        var by = new TreeMap<>(authors.values());
        other.changedSince(items).forEach(key -> by.put(key, author));
        by.keySet().retainAll(other.changedSince(Items.NONE));
        return new Draft(other, Items.of(by));
    }

    /** The bytes to store. */
    byte[] encode() {
        byte[] encodedItems = ItemRules.encode(items);
        byte[] encodedAuthors = authors.encode();
        if (encodedAuthors.length > LARGEST_AUTHORS) {
            throw new Problem(ConfigProblem.NAMESPACE_FULL, "The namespace has too many keys.");
        }
        return ByteBuffer.allocate(KIND.length + Integer.BYTES + encodedItems.length + encodedAuthors.length)
                .put(KIND)
                .putInt(encodedItems.length)
                .put(encodedItems)
                .put(encodedAuthors)
                .array();
    }

    static Draft decode(byte[] encoded) throws DamagedContent {
        int start = KIND.length + Integer.BYTES;
        if (encoded.length < start || !Arrays.equals(KIND, Arrays.copyOf(encoded, KIND.length))) {
            return new Draft(Items.decode(encoded), Items.NONE);
        }
        // Both parts are sealed by a hash of their own: another length finds no seal.
        int end = start
                + Math.clamp(
                        ByteBuffer.wrap(encoded, KIND.length, Integer.BYTES).getInt(), 0, encoded.length - start);
        return new Draft(
                Items.decode(Arrays.copyOfRange(encoded, start, end)),
                Items.decode(Arrays.copyOfRange(encoded, end, encoded.length)));
    }
}
