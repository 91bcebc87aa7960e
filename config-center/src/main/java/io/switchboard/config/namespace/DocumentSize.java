package io.switchboard.config.namespace;

import io.switchboard.contracts.problem.Problem;
import java.util.IdentityHashMap;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import tools.jackson.databind.JsonNode;

/**
 * What a document becomes once every alias is written out and every leaf has its whole name: a few lines must not become more than
 * a client's memory. All saturate above their bounds, so that it is found in as many steps as there are nodes in the text.
 *
 * @param nodes leaves and branches
 * @param leaves with a name each
 * @param names characters of all of them
 * @param longest characters of one
 */
record DocumentSize(long nodes, long leaves, long names, long longest) {

    private static final long MOST_NODES = 50_000;
    private static final long MOST_NAMES = 4 * 1024 * 1024;

    /** With those above it: clients look it up by each of its beginnings. */
    private static final long LONGEST_NAME = 1_024;

    private static final DocumentSize LEAF = new DocumentSize(1, 1, 0, 0);

    DocumentSize {
        nodes = Math.min(nodes, MOST_NODES + 1);
        leaves = Math.min(leaves, MOST_NODES + 1);
        names = Math.min(names, MOST_NAMES + 1);
        longest = Math.min(longest, LONGEST_NAME + 1);
    }

    static void check(Node root) {
        of(root, new IdentityHashMap<>()).check();
    }

    static void check(JsonNode root) {
        of(root).check();
    }

    private void check() {
        if (nodes > MOST_NODES) {
            throw invalid("The document has more than " + MOST_NODES + " values with all aliases written out.");
        }
        if (longest > LONGEST_NAME) {
            throw invalid("A value lies below names that have more than " + LONGEST_NAME + " characters together.");
        }
        if (names > MOST_NAMES) {
            throw invalid(
                    "The names of all values, each with those above it, have more than " + MOST_NAMES + " characters.");
        }
    }

    private static DocumentSize of(Node node, Map<Node, DocumentSize> known) {
        DocumentSize before = known.get(node);
        if (before != null) {
            return before;
        }
        // A node that contains itself has no end.
        known.put(node, new DocumentSize(Long.MAX_VALUE, 0, 0, 0));
        DocumentSize size = LEAF;
        if (node instanceof MappingNode mapping) {
            for (var entry : mapping.getValue()) {
                // Another one is compared and hashed with every alias written out, and is no name for Spring.
                if (!(entry.getKeyNode() instanceof ScalarNode name)) {
                    throw invalid("A key is no plain text.");
                }
                size = size.with(name.getValue().length(), of(entry.getValueNode(), known));
            }
        } else if (node instanceof SequenceNode sequence) {
            for (Node element : sequence.getValue()) {
                size = size.with(index(sequence.getValue().size()), of(element, known));
            }
        }
        known.put(node, size);
        return size;
    }

    private static DocumentSize of(JsonNode node) {
        DocumentSize size = LEAF;
        for (var entry : node.properties()) {
            size = size.with(entry.getKey().length(), of(entry.getValue()));
        }
        if (node.isArray()) {
            for (JsonNode element : node) {
                size = size.with(index(node.size()), of(element));
            }
        }
        return size;
    }

    private static int index(int size) {
        return 2 + String.valueOf(size).length();
    }

    private DocumentSize with(int name, DocumentSize below) {
        long each = name + 1L;
        return new DocumentSize(
                nodes + below.nodes,
                leaves + below.leaves,
                names + below.names + below.leaves * each,
                Math.max(longest, each + below.longest));
    }

    private static Problem invalid(String detail) {
        return new Problem(ConfigProblem.INVALID_DOCUMENT, detail);
    }
}
