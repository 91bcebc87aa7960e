package io.switchboard.configfiles;

import io.switchboard.configprotocol.NamespaceFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of one application's stage. */
final class NamespaceFiles {

    private final Path root;
    private final Path directory;

    /** @param root the tree that the directories of applications and stages stand in */
    NamespaceFiles(Path root, String application, String stage) {
        this.root = root;
        this.directory = root.resolve(application).resolve(stage);
    }

    /** Those that have a file, by name. */
    List<String> namespaces() throws IOException {
        refuseLink(directory);
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .flatMap(name -> NamespaceFile.namespaceOf(name).stream())
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            throw new Refused("there is no directory " + directory + "; pull makes it");
        }
    }

    /** Links that are no namespace's file by their names: nobody reads them, though somebody may think so. */
    List<Path> passedOver() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isSymbolicLink)
                    .filter(file -> NamespaceFile.namespaceOf(file.getFileName().toString())
                            .isEmpty())
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** A link in what somebody cloned may lead to any file of who runs this. Where the tree as a whole lies is their own choice. */
    private void refuseLink(Path place) {
        for (@Nullable Path each = place; each != null && !each.equals(root); each = each.getParent()) {
            if (Files.isSymbolicLink(each)) {
                throw new Refused(
                        each + " is a symbolic link, which may lead out of the tree; put what it leads to there");
            }
        }
    }

    Path path(String namespace) {
        return directory.resolve(NamespaceFile.nameOf(namespace));
    }

    void write(NamespaceFile file) throws IOException {
        refuseLink(directory);
        Files.createDirectories(directory);
        Path path = path(file.namespace());
        refuseLink(path);
        Files.writeString(path, file.text());
    }

    NamespaceFile read(String namespace) throws IOException {
        Path path = path(namespace);
        refuseLink(path);
        try {
            return NamespaceFile.read(namespace, Files.readString(path));
        } catch (CharacterCodingException e) {
            throw new Refused(path + " is no text in UTF-8");
        } catch (IllegalArgumentException e) {
            throw new Refused(path + " is no properties file: " + e.getMessage());
        }
    }
}
