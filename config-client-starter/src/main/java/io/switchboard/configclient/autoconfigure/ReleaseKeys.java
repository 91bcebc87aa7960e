package io.switchboard.configclient.autoconfigure;

import io.switchboard.configprotocol.CannotOpen;
import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.Links;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.SealingKey;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;

/**
 * The properties that a release becomes. Items are properties as they are. The leaves of a YAML document are, by the names that
 * Spring Boot gives them in {@code application.yaml}, those of a JSON document by the names it gives them in
 * {@code spring.application.json}. A text is one property, by the namespace's name.
 */
final class ReleaseKeys {

    private ReleaseKeys() {}

    /**
     * Ordered by name.
     *
     * @throws CannotOpen if an encrypted item can't be opened with the application's access key
     * @throws Unfit if a document is none of its format
     */
    static SortedMap<String, Object> of(Release release, Optional<SealingKey> accessKey) throws CannotOpen, Unfit {
        SortedMap<String, String> items = release.open(accessKey);
        Format format = Format.of(release.path().namespace());
        if (format == Format.PROPERTIES) {
            return items(release, items);
        }
        SortedMap<String, Object> leaves = document(release.path(), format, items.get(Format.CONTENT));
        leaves.keySet().removeIf(Links::isOne);
        return leaves;
    }

    /** Documents that are inherited are items by now; a text is still none that refers to anything. */
    private static SortedMap<String, Object> items(Release release, SortedMap<String, String> items) {
        SortedMap<String, Object> keys = new TreeMap<>(items);
        if (release.inherited().stream().anyMatch(one -> isText(one.path()))) {
            items.forEach((key, value) -> release.origin(key)
                    .filter(origin -> isText(origin.path()))
                    .ifPresent(origin -> keys.put(key, literally(value))));
        }
        return keys;
    }

    private static boolean isText(NamespacePath path) {
        return Format.of(path.namespace()) == Format.TEXT;
    }

    private static SortedMap<String, Object> document(NamespacePath path, Format format, @Nullable String document)
            throws Unfit {
        if (document == null) {
            return new TreeMap<>();
        }
        return switch (format) {
            case YAML -> yaml(document);
            case JSON -> JsonLeaves.of(document);
            case TEXT, PROPERTIES -> new TreeMap<>(Map.of(path.namespace(), literally(document)));
        };
    }

    /** Nothing in a text refers to a key, whatever it looks like. */
    private static String literally(String text) {
        return text.replace("${", "\\${");
    }

    private static SortedMap<String, Object> yaml(String document) throws Unfit {
        try {
            var options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            // As Spring Boot has it; the center checks what the aliases become.
            options.setMaxAliasesForCollections(Integer.MAX_VALUE);
            // Spring Boot would make up a key for anything else.
            if (!(new Yaml(new SafeConstructor(options)).compose(new StringReader(document)) instanceof MappingNode)) {
                throw new Unfit("its YAML document is no mapping");
            }
            return leaves(new YamlPropertySourceLoader()
                    .load("document", new ByteArrayResource(document.getBytes(StandardCharsets.UTF_8))));
        } catch (MarkedYAMLException e) {
            throw new Unfit("its document is no YAML" + place(e.getProblemMark()));
        } catch (RuntimeException | StackOverflowError e) {
            // Its message may repeat what stands there.
            throw new Unfit("its document is no YAML that Spring Boot reads");
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory was not readable", e);
        }
    }

    private static SortedMap<String, Object> leaves(List<PropertySource<?>> sources) {
        SortedMap<String, Object> leaves = new TreeMap<>();
        for (PropertySource<?> source : sources) {
            for (String key : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                @Nullable Object value = source.getProperty(key);
                if (value != null) {
                    leaves.put(key, value);
                }
            }
        }
        return leaves;
    }

    private static String place(@Nullable Mark mark) {
        return mark == null ? "" : " at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    }
}
