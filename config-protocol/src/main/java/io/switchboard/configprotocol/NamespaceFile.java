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
 */
public record NamespaceFile(String namespace, SortedMap<String, String> items) {

    private static final String PROPERTIES = ".properties";

    public NamespaceFile {
        items = Collections.unmodifiableSortedMap(new TreeMap<>(items));
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
        return new NamespaceFile(
                namespace,
                Format.of(namespace).isDocument()
                        ? new TreeMap<>(Map.of(Format.CONTENT, text))
                        : PropertiesText.read(text));
    }

    /** As {@link #read} takes it. */
    public String text() {
        return Format.of(namespace).isDocument() ? items.getOrDefault(Format.CONTENT, "") : PropertiesText.of(items);
    }
}
