package io.switchboard.configfiles;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/** The files of one application's stage. */
final class NamespaceFiles {

    private static final String ENDING = ".properties";

    private final Path directory;

    NamespaceFiles(Path directory) {
        this.directory = directory;
    }

    /** Those that have a file, by name. */
    List<String> namespaces() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            throw new Refused("there is no directory " + directory + "; pull makes it");
        }
    }

    Path file(String namespace) {
        return directory.resolve(namespace + ENDING);
    }

    void write(String namespace, SortedMap<String, String> items) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(file(namespace), PropertiesText.of(items));
    }

    SortedMap<String, String> read(String namespace) throws IOException {
        try {
            return PropertiesText.read(Files.readString(file(namespace)));
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw new Refused(file(namespace) + " is no properties file in UTF-8");
        }
    }
}
