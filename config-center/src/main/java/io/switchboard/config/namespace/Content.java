package io.switchboard.config.namespace;

import io.switchboard.configprotocol.Items;
import java.util.Set;

/**
 * What a draft or a release holds.
 *
 * @param comments of these items
 */
record Content(Items items, Comments comments) {

    static final Content NONE = new Content(Items.NONE, Comments.NONE);

    Content {
        comments = comments.of(items.keys());
    }

    /** Keys that were added, removed, or have another value or comment, ordered. */
    Set<String> changedSince(Content before) {
        Set<String> keys = items.changedSince(before.items);
        keys.addAll(comments.changedSince(before.comments));
        return keys;
    }
}
