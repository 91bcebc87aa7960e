package io.switchboard.config.namespace;

import io.switchboard.configprotocol.NamespaceFile;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Namespaces as files of a zip: {@code APPLICATION/STAGE/NAMESPACE.properties}, documents by their own name. */
final class Archive {

    private static final int MOST_FILES = 2_000;
    private static final int LARGEST_UNPACKED = 16 * 1024 * 1024;

    private Archive() {}

    /** The same bytes for the same content, whenever it is made. */
    static byte[] write(SortedMap<NamespacePath, NamespaceFile> files) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                var entry = new ZipEntry(name(file.getKey()));
                entry.setTime(0);
                zip.putNextEntry(entry);
                zip.write(file.getValue().text().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String name(NamespacePath path) {
        return String.join("/", path.application(), path.stage(), NamespaceFile.nameOf(path.namespace()));
    }

    /** @throws Problem {@link ConfigProblem#INVALID_ARCHIVE} naming what is no such file; nothing of it is used then */
    static SortedMap<NamespacePath, NamespaceFile> read(String tenant, byte[] bytes) {
        SortedMap<NamespacePath, NamespaceFile> files = new TreeMap<>();
        int left = LARGEST_UNPACKED;
        int entries = 0;
        try (var zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                // Directories count, too: each costs work, and millions of them take little room in a zip.
                if (entries++ == MOST_FILES) {
                    throw tooMuch();
                }
                if (entry.isDirectory()) {
                    continue;
                }
                NamespacePath path = path(tenant, entry.getName());
                byte[] content = zip.readNBytes(left + 1);
                left -= content.length;
                if (left < 0) {
                    throw tooMuch();
                }
                files.put(path, file(path, entry.getName(), content));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw invalid("The archive is no zip file of texts in UTF-8.");
        }
        if (files.isEmpty()) {
            throw invalid("The archive has no file.");
        }
        return files;
    }

    private static Problem tooMuch() {
        return invalid("The archive has more than " + MOST_FILES + " files and directories, or " + LARGEST_UNPACKED
                + " bytes unpacked.");
    }

    /** A name is only ever taken apart, and never a path of a file system. */
    private static NamespacePath path(String tenant, String name) {
        String[] parts = name.split("/", -1);
        try {
            Optional<String> namespace = NamespaceFile.namespaceOf(parts[parts.length - 1]);
            if (parts.length == 3 && namespace.isPresent()) {
                return new NamespacePath(tenant, parts[0], parts[1], namespace.get());
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw invalid(
                "'" + ItemRules.shown(name) + "' is no APPLICATION/STAGE/NAMESPACE.properties, .yaml, .json or .txt.");
    }

    private static NamespaceFile file(NamespacePath path, String name, byte[] content) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(content))
                .toString();
        try {
            return NamespaceFile.read(path.namespace(), text);
        } catch (IllegalArgumentException e) {
            throw invalid("'" + ItemRules.shown(name) + "' is no properties file: " + e.getMessage() + ".");
        }
    }

    private static Problem invalid(String detail) {
        return new Problem(ConfigProblem.INVALID_ARCHIVE, detail);
    }
}
