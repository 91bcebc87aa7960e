package io.switchboard.config.namespace;

import io.switchboard.configprotocol.CommentRules;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.Items;
import io.switchboard.contracts.problem.Problem;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people say of some of the items, in a draft or a release. It is for people only, so it is kept apart from what clients read.
 *
 * @param byKey unmodifiable
 */
record Comments(SortedMap<String, String> byKey) {

    static final Comments NONE = new Comments(new TreeMap<>());

    /** Compressed; beside the largest items and authors they leave room in the mebibyte of a node. */
    private static final int LARGEST = 128 * 1024;

    Comments {
        byKey = Collections.unmodifiableSortedMap(new TreeMap<>(byKey));
    }

    /** Whether these may be given in a namespace of that name; {@code null} takes one away. */
    static void check(String namespace, Map<String, @Nullable String> changes) {
        boolean document = Format.of(namespace).isDocument();
        changes.forEach((key, comment) -> {
            if (comment == null) {
                return;
            }
            if (document) {
                throw invalid(key, "'" + namespace + "' is one document, whose comments stand in its text.");
            }
            if (CommentRules.isTooLong(comment)) {
                throw invalid(
                        key,
                        "The comment of '" + ItemRules.shown(key) + "' has "
                                + CommentRules.length(comment) + " characters, it may have "
                                + CommentRules.LONGEST + ".");
            }
            if (!ItemRules.isText(comment) || !CommentRules.isWithoutControls(comment)) {
                throw invalid(
                        key,
                        "The comment of '" + ItemRules.shown(key)
                                + "' has control characters other than line feeds, or is not Unicode text.");
            }
        });
    }

    /**
     * With these changes, without those of keys that are gone.
     *
     * @param keys that are there
     * @throws Problem {@link ConfigProblem#INVALID_COMMENT} if one is given to a key that isn't
     */
    Comments with(Map<String, @Nullable String> changes, Set<String> keys) {
        var comments = new TreeMap<>(byKey);
        changes.forEach((key, comment) -> {
            if (comment == null || comment.isBlank()) {
                comments.remove(key);
            } else if (keys.contains(key)) {
                comments.put(key, comment);
            } else {
                throw invalid(key, "There is no item '" + ItemRules.shown(key) + "' to comment.");
            }
        });
        return new Comments(comments).of(keys);
    }

    /** Those of these keys. */
    Comments of(Set<String> keys) {
        var comments = new TreeMap<>(byKey);
        comments.keySet().retainAll(keys);
        return new Comments(comments);
    }

    Set<String> changedSince(Comments before) {
        return Items.of(byKey).changedSince(Items.of(before.byKey));
    }

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    byte[] encode() {
        byte[] encoded = Items.of(byKey).encode();
        if (encoded.length > LARGEST) {
            throw new Problem(
                    ConfigProblem.NAMESPACE_FULL,
                    "The comments would have " + encoded.length + " bytes compressed, they may have " + LARGEST + ".");
        }
        return encoded;
    }

    static Comments decode(byte[] encoded) throws DamagedContent {
        return new Comments(Items.decode(encoded).values());
    }

    private static Problem invalid(String key, String detail) {
        return new Problem(ConfigProblem.INVALID_COMMENT, detail, Map.of("key", ItemRules.shown(key)));
    }

    /** As with {@link Items}, nobody's words in a log. */
    @Override
    public String toString() {
        return "Comments" + byKey.keySet();
    }
}
