package io.switchboard.configprotocol;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A namespace as one file: items as a properties file, a document as it is.
 *
 * @param namespace its name
 * @param items unmodifiable, by key
 * @param comments of some of the keys, unmodifiable; none for a document, whose text has its own
 */
public record NamespaceFile(String namespace, SortedMap<String, String> items, SortedMap<String, String> comments) {

    private static final String PROPERTIES = ".properties";

    public NamespaceFile {
        items = Collections.unmodifiableSortedMap(new TreeMap<>(items));
        comments = Collections.unmodifiableSortedMap(new TreeMap<>(comments));
    }

    /** What the file of such a namespace is called; a document's is called like its namespace. */
    public static String nameOf(String namespace) {
        return Format.of(namespace).isDocument() ? namespace : namespace + PROPERTIES;
    }

    /** Whose file is called so; empty for one that is no namespace's. */
    public static Optional<String> namespaceOf(String file) {
        String namespace = file.endsWith(PROPERTIES) ? file.substring(0, file.length() - PROPERTIES.length()) : file;
        return nameOf(namespace).equals(file) ? Optional.of(namespace) : Optional.empty();
    }

    /** @throws IllegalArgumentException naming the line, if it is no properties file */
    public static NamespaceFile read(String namespace, String text) {
        if (Format.of(namespace).isDocument()) {
            return new NamespaceFile(namespace, new TreeMap<>(Map.of(Format.CONTENT, text)), new TreeMap<>());
        }
        PropertiesReader reader = PropertiesReader.of(text);
        return new NamespaceFile(namespace, reader.items(), reader.comments());
    }

    /** As {@link #read} takes it. */
    public String text() {
        return Format.of(namespace).isDocument()
                ? items.getOrDefault(Format.CONTENT, "")
                : PropertiesText.of(items, comments);
    }
}
