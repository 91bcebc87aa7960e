package io.switchboard.configfiles;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** Several YAML documents as one with the properties that Spring has from all of them: a later one wins, and a list is one. */
final class MergedYaml {

    /** A branch, or a leaf as it was written. */
    private sealed interface Part {

        record Branch(Map<String, Part> parts) implements Part {}

        record Leaf(Node node) implements Part {}
    }

    private final Part.Branch all = new Part.Branch(new LinkedHashMap<>());

    /** A part that is referred to would be written once for each reference: few lines may be many then. */
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private MergedYaml() {}

    /** Without their comments. */
    static String of(List<String> documents) {
        var dumper = new DumperOptions();
        dumper.setSplitLines(false);
        var yaml = new Yaml(new SafeConstructor(new LoaderOptions()), new Representer(dumper), dumper);
        var merged = new MergedYaml();
        try {
            for (String document : documents) {
                Node root = yaml.compose(new StringReader(document));
                if (root != null) {
                    merged.put(merged.all, root);
                }
            }
            var text = new StringWriter();
            yaml.serialize(node(merged.all), text);
            return text.toString();
        } catch (YAMLException e) {
            throw new Refused("a file of several YAML documents is no YAML");
        }
    }

    private void put(Part.Branch branch, Node node) {
        if (!(node instanceof MappingNode mapping) || !seen.add(node)) {
            throw cantBeOne();
        }
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new Refused("a file has several YAML documents with a key that is no text");
            }
            if (key.getTag().equals(Tag.MERGE)) {
                throw cantBeOne();
            }
            // As Spring names it.
            put(
                    branch,
                    key.getTag().equals(Tag.STR) ? key.getValue() : "[" + key.getValue() + "]",
                    entry.getValueNode());
        }
    }

    private static Refused cantBeOne() {
        return new Refused("a file has several YAML documents that can't become one: each has to be a mapping, and none"
                + " may refer to another part of itself; write them as one document");
    }

    /** {@code a.b} is what {@code b} below {@code a} is. */
    private void put(Part.Branch branch, String key, Node value) {
        int dot = key.contains("[") ? -1 : key.indexOf('.');
        if (dot > 0) {
            put(below(branch, key.substring(0, dot)), key.substring(dot + 1), value);
        } else if (value instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
            put(below(branch, key), mapping);
        } else if (!(isEmpty(value) && branch.parts().get(key) instanceof Part.Branch)) {
            // To Spring an empty one is a property of its own, beside those below its name.
            branch.parts().put(key, new Part.Leaf(value));
        }
    }

    private static boolean isEmpty(Node value) {
        return value.getTag().equals(Tag.NULL)
                || value instanceof CollectionNode<?> collection
                        && collection.getValue().isEmpty();
    }

    private static Part.Branch below(Part.Branch branch, String key) {
        if (branch.parts().get(key) instanceof Part.Branch there) {
            return there;
        }
        var fresh = new Part.Branch(new LinkedHashMap<>());
        branch.parts().put(key, fresh);
        return fresh;
    }

    private static Node node(Part part) {
        return switch (part) {
            case Part.Leaf(Node node) -> node;
            case Part.Branch(Map<String, Part> parts) -> {
                List<NodeTuple> entries = new ArrayList<>();
                parts.forEach((key, value) -> entries.add(
                        new NodeTuple(new ScalarNode(Tag.STR, key, null, null, ScalarStyle.PLAIN), node(value))));
                yield new MappingNode(Tag.MAP, entries, FlowStyle.BLOCK);
            }
        };
    }
}
