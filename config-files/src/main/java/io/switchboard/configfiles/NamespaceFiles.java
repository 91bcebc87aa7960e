package io.switchboard.configfiles;

import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.PropertiesText;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of one application's stage. */
final class NamespaceFiles {

    private static final String PROPERTIES = ".properties";

    private final Path directory;

    NamespaceFiles(Path directory) {
        this.directory = directory;
    }

    /** Those that have a file, by name. */
    List<String> namespaces() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(PROPERTIES) || Format.of(name).isDocument())
                    .map(name ->
                            name.endsWith(PROPERTIES) ? name.substring(0, name.length() - PROPERTIES.length()) : name)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            throw new Refused("there is no directory " + directory + "; pull makes it");
        }
    }

    /** A document's namespace is called like its file. */
    Path file(String namespace) {
        return directory.resolve(name(namespace));
    }

    /** Of a namespace's file. */
    static String name(String namespace) {
        return Format.of(namespace).isDocument() ? namespace : namespace + PROPERTIES;
    }

    static String text(String namespace, SortedMap<String, String> items) {
        return Format.of(namespace).isDocument() ? items.getOrDefault(Format.CONTENT, "") : PropertiesText.of(items);
    }

    void write(String namespace, SortedMap<String, String> items) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(file(namespace), text(namespace, items));
    }

    SortedMap<String, String> read(String namespace) throws IOException {
        try {
            String text = Files.readString(file(namespace));
            return Format.of(namespace).isDocument()
                    ? new TreeMap<>(Map.of(Format.CONTENT, text))
                    : PropertiesText.read(text);
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw new Refused(file(namespace) + " is no such file in UTF-8");
        }
    }
}
