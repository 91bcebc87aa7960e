package io.switchboard.config.namespace;

import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.PropertiesText;
import io.switchboard.contracts.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Namespaces as files of a zip: {@code APPLICATION/STAGE/NAMESPACE.properties}, documents by their own name. */
final class Archive {

    private static final String PROPERTIES = ".properties";
    private static final int MOST_FILES = 2_000;
    private static final int LARGEST_UNPACKED = 16 * 1024 * 1024;

    private Archive() {}

    /** The same bytes for the same content, whenever it is made. */
    static byte[] write(SortedMap<NamespacePath, SortedMap<String, String>> namespaces) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var namespace : namespaces.entrySet()) {
                var entry = new ZipEntry(name(namespace.getKey()));
                entry.setTime(0);
                zip.putNextEntry(entry);
                zip.write(text(namespace.getKey(), namespace.getValue()).getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String name(NamespacePath path) {
        String file = isDocument(path) ? path.namespace() : path.namespace() + PROPERTIES;
        return String.join("/", path.application(), path.stage(), file);
    }

    private static boolean isDocument(NamespacePath path) {
        return Format.of(path.namespace()).isDocument();
    }

    private static String text(NamespacePath path, SortedMap<String, String> items) {
        return isDocument(path) ? items.getOrDefault(Format.CONTENT, "") : PropertiesText.of(items);
    }

    /** @throws Problem {@link ConfigProblem#INVALID_ARCHIVE} naming what is no such file; nothing of it is used then */
    static SortedMap<NamespacePath, SortedMap<String, String>> read(String tenant, byte[] bytes) {
        SortedMap<NamespacePath, SortedMap<String, String>> namespaces = new TreeMap<>();
        int left = LARGEST_UNPACKED;
        try (var zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.isDirectory()) {
                    continue;
                }
                NamespacePath path = path(tenant, entry.getName());
                byte[] content = zip.readNBytes(left + 1);
                left -= content.length;
                if (left < 0 || namespaces.size() == MOST_FILES) {
                    throw invalid("The archive has more than " + MOST_FILES + " files or " + LARGEST_UNPACKED
                            + " bytes unpacked.");
                }
                namespaces.put(path, items(path, content));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw invalid("The archive is no zip file of texts in UTF-8.");
        }
        if (namespaces.isEmpty()) {
            throw invalid("The archive has no file.");
        }
        return namespaces;
    }

    /** A name is only ever taken apart, and never a path of a file system. */
    private static NamespacePath path(String tenant, String name) {
        String[] parts = name.split("/", -1);
        try {
            if (parts.length == 3
                    && (parts[2].endsWith(PROPERTIES) || Format.of(parts[2]).isDocument())) {
                String namespace = parts[2].endsWith(PROPERTIES)
                        ? parts[2].substring(0, parts[2].length() - PROPERTIES.length())
                        : parts[2];
                return new NamespacePath(tenant, parts[0], parts[1], namespace);
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw invalid(
                "'" + ItemRules.shown(name) + "' is no APPLICATION/STAGE/NAMESPACE.properties, .yaml, .json or .txt.");
    }

    private static SortedMap<String, String> items(NamespacePath path, byte[] content) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(content))
                .toString();
        return isDocument(path) ? new TreeMap<>(Map.of(Format.CONTENT, text)) : PropertiesText.read(text);
    }

    private static Problem invalid(String detail) {
        return new Problem(ConfigProblem.INVALID_ARCHIVE, detail);
    }
}
