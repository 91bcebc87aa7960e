package io.switchboard.config.namespace;

import io.switchboard.configprotocol.Inherited;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.Links;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.InheritanceApi.EffectiveItem;
import io.switchboard.contracts.config.InheritanceApi.EffectiveView;
import io.switchboard.contracts.config.InheritanceApi.Source;
import io.switchboard.contracts.config.InheritanceApi.SourcedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A namespace on top of what it inherits.
 *
 * @param layers itself first, then what it inherits, the nearest first
 * @param problem why its document has no keys here; empty if it has
 */
record Layers(List<Layer> layers, Optional<String> problem) {

    /** @param lines of a document in which the values begin, by key */
    record Layer(Source source, Content content, Map<String, Integer> lines) {

        Items items() {
            return content.items();
        }

        boolean has(String key) {
            return items().values().containsKey(key) || items().secrets().containsKey(key);
        }
    }

    /** What is said of the items of a release. */
    @FunctionalInterface
    interface Said {
        Comments of(NamespacePath path, long release);
    }

    /** @param release of the namespace's own items; empty for a draft */
    static Layers of(NamespacePath path, Content own, Optional<Long> release, List<Inherited> inherited, Said said) {
        List<Layer> layers = new ArrayList<>();
        layers.add(new Layer(new Source(path.application(), path.namespace(), release), own, Map.of()));
        inherited.forEach(one -> layers.add(new Layer(
                new Source(one.path().application(), one.path().namespace(), Optional.of(one.number())),
                new Content(one.items(), said.of(one.path(), one.number())),
                Map.of())));
        return new Layers(layers, Optional.empty());
    }

    /** With the keys that clients read in place of the namespace's own document. */
    Layers asRead(NamespacePath path) {
        Layer own = layers.getFirst();
        AsRead read = AsRead.of(path, own.content());
        List<Layer> others = new ArrayList<>(layers);
        others.set(0, new Layer(own.source(), read.content(), read.lines()));
        return new Layers(others, read.problem());
    }

    private SortedSet<String> keys() {
        SortedSet<String> keys = new TreeSet<>();
        layers.forEach(layer -> keys.addAll(layer.items().keys()));
        keys.removeIf(Links::isOne);
        return keys;
    }

    private List<Layer> having(String key) {
        return layers.stream().filter(layer -> layer.has(key)).toList();
    }

    /** What applies. */
    Content content() {
        SortedMap<String, String> values = new TreeMap<>();
        var secrets = new TreeMap<>(Items.NONE.secrets());
        SortedMap<String, String> comments = new TreeMap<>();
        for (String key : keys()) {
            Items nearest = having(key).getFirst().items();
            comment(key).ifPresent(comment -> comments.put(key, comment));
            if (nearest.secrets().containsKey(key)) {
                secrets.put(key, nearest.secrets().get(key));
            } else {
                values.put(key, nearest.values().get(key));
            }
        }
        return new Content(new Items(values, secrets), new Comments(comments));
    }

    /** The nearest that somebody gave: what overrides a value mostly means the same. */
    private Optional<String> comment(String key) {
        return having(key).stream()
                .flatMap(layer ->
                        Optional.ofNullable(layer.content().comments().byKey().get(key)).stream())
                .findFirst();
    }

    EffectiveView view() {
        return new EffectiveView(
                layers.stream().map(Layer::source).toList(),
                keys().stream().map(this::item).toList(),
                problem);
    }

    private EffectiveItem item(String key) {
        List<Layer> having = having(key);
        List<SourcedValue> values = having.stream()
                .map(layer -> new SourcedValue(
                        layer.source(), Views.shown(layer.items(), key).orElse("")))
                .toList();
        boolean encrypted = having.getFirst().items().secrets().containsKey(key);
        return new EffectiveItem(
                key,
                values.getFirst().value(),
                encrypted ? Optional.of(true) : Optional.empty(),
                values.getFirst().source(),
                values.subList(1, values.size()),
                comment(key),
                Optional.ofNullable(having.getFirst().lines().get(key)));
    }
}
