package io.switchboard.config.namespace;

import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.Items;
import io.switchboard.contracts.problem.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeMap;

/**
 * The unpublished state of a namespace, as it stands in its node.
 *
 * @param authors who changed each key last, its value before its comment, for the keys that are there or that the release in
 *     effect still has; what was changed before this was kept has no entry
 */
record Draft(Content content, Items authors) {

    static final Draft NONE = new Draft(Content.NONE, Items.NONE);

    /** Before authors were kept, the node held the items and nothing around them. */
    private static final byte[] KIND = "SBDR\1".getBytes(StandardCharsets.ISO_8859_1);

    /** With comments; without any it is of the other kind, which centers before them read. */
    private static final byte[] COMMENTED = "SBDR\2".getBytes(StandardCharsets.ISO_8859_1);

    /** Compressed; beside the largest items they leave room in the mebibyte of a node. */
    private static final int LARGEST_AUTHORS = 256 * 1024;

    /**
     * With these changes.
     *
     * @param after what it holds with them
     * @param released what clients read
     */
    Draft with(Content after, String author, Content released) {
        var by = new TreeMap<>(authors.values());
        after.changedSince(content).forEach(key -> by.put(key, author));
        // Who comments a value that waits does not make it his own: its author would be free to approve it.
        Set<String> waiting = content.items().changedSince(released.items());
        waiting.removeAll(after.items().changedSince(content.items()));
        by.replaceAll((key, now) -> waiting.contains(key) ? authors.values().getOrDefault(key, now) : now);
        by.keySet()
                .removeIf(key -> !after.items().keys().contains(key)
                        && !released.items().keys().contains(key));
        return new Draft(after, Items.of(by));
    }

    /** Holding these items instead; who did that is the author of what is other than before. */
    Draft replacedBy(Content other, String author) {
        var by = new TreeMap<>(authors.values());
        other.changedSince(content).forEach(key -> by.put(key, author));
        by.keySet().retainAll(other.items().keys());
        return new Draft(other, Items.of(by));
    }

    Items items() {
        return content.items();
    }

    /** The same values, sealed in another way. */
    Draft resealed(Items other) {
        return new Draft(new Content(other, content.comments()), authors);
    }

    /** The bytes to store. */
    byte[] encode() {
        byte[] encodedItems = ItemRules.encode(items());
        byte[] encodedAuthors = authors.encode();
        if (encodedAuthors.length > LARGEST_AUTHORS) {
            throw new Problem(ConfigProblem.NAMESPACE_FULL, "The namespace has too many keys.");
        }
        boolean commented = !content.comments().isEmpty();
        byte[] encodedComments = commented ? content.comments().encode() : new byte[0];
        ByteBuffer encoded = ByteBuffer.allocate(KIND.length
                + Integer.BYTES
                + encodedItems.length
                + (commented ? Integer.BYTES + encodedComments.length : 0)
                + encodedAuthors.length);
        encoded.put(commented ? COMMENTED : KIND).putInt(encodedItems.length).put(encodedItems);
        if (commented) {
            encoded.putInt(encodedComments.length).put(encodedComments);
        }
        return encoded.put(encodedAuthors).array();
    }

    static Draft decode(byte[] encoded) throws DamagedContent {
        ByteBuffer rest = ByteBuffer.wrap(encoded);
        byte[] kind = next(rest, KIND.length);
        boolean commented = Arrays.equals(kind, COMMENTED);
        if (!commented && !Arrays.equals(kind, KIND)) {
            return new Draft(new Content(Items.decode(encoded), Comments.NONE), Items.NONE);
        }
        Items items = Items.decode(next(rest));
        Comments comments = commented ? Comments.decode(next(rest)) : Comments.NONE;
        return new Draft(new Content(items, comments), Items.decode(next(rest, rest.remaining())));
    }

    /** All parts are sealed by a hash of their own: another length finds no seal. */
    private static byte[] next(ByteBuffer rest) {
        return next(rest, rest.remaining() < Integer.BYTES ? 0 : rest.getInt());
    }

    private static byte[] next(ByteBuffer rest, int length) {
        byte[] part = new byte[Math.clamp(length, 0, rest.remaining())];
        rest.get(part);
        return part;
    }
}
