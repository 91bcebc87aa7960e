package io.switchboard.configfiles;

import io.switchboard.configprotocol.CommentRules;
import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.NamespaceFile;
import io.switchboard.configprotocol.NamespacePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What was found in an export, under the names that it gets here, and what was not taken. */
final class Imported {

    private final SortedMap<NamespacePath, NamespaceFile> files = new TreeMap<>();
    private final Map<NamespacePath, String> origins = new TreeMap<>();
    private final List<String> leftOut = new ArrayList<>();

    /** A zip in the center's own layout for each application and stage: what goes to the center in one step. */
    List<byte[]> steps() {
        SortedMap<String, List<NamespacePath>> steps = new TreeMap<>();
        files.keySet()
                .forEach(path -> steps.computeIfAbsent(
                                path.application() + "/" + path.stage() + "/", step -> new ArrayList<>())
                        .add(path));
        List<byte[]> zips = new ArrayList<>();
        steps.forEach((directory, paths) -> zips.add(zip(directory, paths)));
        return zips;
    }

    private byte[] zip(String directory, List<NamespacePath> paths) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (NamespacePath path : paths) {
                zip.putNextEntry(new ZipEntry(directory + NamespaceFile.nameOf(path.namespace())));
                zip.write(file(path).text().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private NamespaceFile file(NamespacePath path) {
        return Objects.requireNonNull(files.get(path));
    }

    /** Each with its reason. */
    List<String> leftOut() {
        return leftOut;
    }

    boolean isEmpty() {
        return files.isEmpty();
    }

    void leaveOut(String what, String why) {
        leftOut.add(ImportNames.shown(what) + ": " + why);
    }

    /** @param origin its name in the export */
    void add(NamespacePath path, NamespaceFile file, String origin) {
        String other = origins.putIfAbsent(path, origin);
        if (other != null) {
            throw new Refused("'" + ImportNames.shown(other) + "' and '" + ImportNames.shown(origin)
                    + "' would both become " + path.application() + "/" + path.stage() + "/" + path.namespace()
                    + "; import them apart");
        }
        files.put(path, withoutTooLong(file, origin));
    }

    /** A comment that is too long here keeps no item from being imported. */
    private NamespaceFile withoutTooLong(NamespaceFile file, String origin) {
        SortedMap<String, String> comments = new TreeMap<>(file.comments());
        comments.replaceAll((key, comment) -> CommentRules.withoutControls(comment));
        for (String key : file.comments().keySet()) {
            if (CommentRules.isTooLong(file.comments().getOrDefault(key, ""))) {
                comments.remove(key);
                leaveOut(
                        origin,
                        "the comment of " + ImportNames.shown(key) + " has more than " + CommentRules.LONGEST
                                + " characters");
            }
        }
        return new NamespaceFile(file.namespace(), file.items(), comments);
    }

    /** A text as its file has it. */
    void add(String application, String stage, String file, Format format, String text) {
        NamespacePath path = ImportNames.path(application, stage, ImportNames.namespaceOf(file, format));
        try {
            add(path, NamespaceFile.read(path.namespace(), text), file);
        } catch (IllegalArgumentException e) {
            throw new Refused("'" + ImportNames.shown(file) + "' is no properties file: " + e.getMessage());
        }
    }
}
