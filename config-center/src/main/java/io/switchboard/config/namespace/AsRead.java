package io.switchboard.config.namespace;

import io.switchboard.config.validation.Leaves;
import io.switchboard.config.validation.Lines;
import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.Problem;
import java.util.Map;
import java.util.Optional;

/**
 * What a namespace holds itself, by the keys that clients read.
 *
 * @param lines of a document's text in which the values begin, from 1
 * @param problem why a document has no keys here; empty if it has all that it becomes
 */
record AsRead(Content content, Map<String, Integer> lines, Optional<String> problem) {

    static AsRead of(NamespacePath path, Content stored) {
        Format format = Format.of(path.namespace());
        if (!format.isDocument()) {
            return new AsRead(stored, Map.of(), Optional.empty());
        }
        String text = stored.items().values().get(Format.CONTENT);
        return text == null ? new AsRead(Content.NONE, Map.of(), Optional.empty()) : document(path, format, text);
    }

    private static AsRead document(NamespacePath path, Format format, String text) {
        try {
            // Another center may have saved it, which knew no documents or other bounds.
            DocumentRules.check(format, text);
        } catch (Problem broken) {
            return without(broken.detail());
        }
        Items leaves = Leaves.inherited(path, Items.of(Map.of(Format.CONTENT, text)));
        // Clients hold once what many aliases stand for; an answer would repeat it.
        return leaves.isTooLarge()
                ? without("With all aliases written out it has more than " + Items.LARGEST_PLAIN + " bytes.")
                : new AsRead(new Content(leaves, Comments.NONE), Lines.of(format, text), Optional.empty());
    }

    private static AsRead without(String problem) {
        return new AsRead(Content.NONE, Map.of(), Optional.of(problem));
    }
}
