package io.switchboard.configfiles;

import io.switchboard.configprotocol.NamespaceFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of one application's stage. */
final class NamespaceFiles {

    private final Path directory;

    NamespaceFiles(Path directory) {
        this.directory = directory;
    }

    /** Those that have a file, by name. */
    List<String> namespaces() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .flatMap(name -> NamespaceFile.namespaceOf(name).stream())
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            throw new Refused("there is no directory " + directory + "; pull makes it");
        }
    }

    Path path(String namespace) {
        return directory.resolve(NamespaceFile.nameOf(namespace));
    }

    void write(NamespaceFile file) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(path(file.namespace()), file.text());
    }

    NamespaceFile read(String namespace) throws IOException {
        Path path = path(namespace);
        try {
            return NamespaceFile.read(namespace, Files.readString(path));
        } catch (CharacterCodingException e) {
            throw new Refused(path + " is no text in UTF-8");
        } catch (IllegalArgumentException e) {
            throw new Refused(path + " is no properties file: " + e.getMessage());
        }
    }
}
