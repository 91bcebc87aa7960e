package io.switchboard.configfiles;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * The files of an export, a zip or a directory, as texts by their names in it. Names are only ever compared and taken apart; how many
 * and how much is bounded before it is unpacked.
 */
final class ExportFiles {

    static final int MOST_FILES = 2_000;
    static final int LARGEST = 16 * 1024 * 1024;
    static final int MOST_ENTRIES = 20_000;
    private static final int DEEPEST = 10;

    private final SortedMap<String, String> files = new TreeMap<>();
    private final Imported imported;
    private int read;
    private int entries;
    private int left = LARGEST;

    private ExportFiles(Imported imported) {
        this.imported = imported;
    }

    /**
     * With slashes between the parts of a name. Hidden files count, hidden directories don't.
     *
     * @param imported learns which are no texts
     */
    static SortedMap<String, String> read(Path source, Imported imported) throws IOException {
        var export = new ExportFiles(imported);
        if (Files.isDirectory(source)) {
            export.readDirectory(source);
        } else if (Files.isRegularFile(source)) {
            export.readZip(source);
        } else {
            throw new Refused("there is no " + source);
        }
        return export.files;
    }

    private void readDirectory(Path directory) throws IOException {
        // Links are not followed: what they lead to is not part of the export.
        try (Stream<Path> found = Files.walk(directory, DEEPEST)) {
            for (Path file : (Iterable<Path>) found.filter(Files::isRegularFile)::iterator) {
                Path relative = directory.relativize(file);
                if (!Files.isSymbolicLink(file) && !isInHiddenDirectory(relative)) {
                    try (InputStream in = Files.newInputStream(file)) {
                        add(relative.toString().replace('\\', '/'), in);
                    }
                }
            }
        }
    }

    private static boolean isInHiddenDirectory(Path file) {
        for (int part = 0; part < file.getNameCount() - 1; part++) {
            if (file.getName(part).toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private void readZip(Path file) throws IOException {
        try (var zip = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                // Directories count, too: each costs work, and millions of them take little room in a zip.
                if (entries++ == MOST_ENTRIES) {
                    throw new Refused(file + " has more than " + MOST_ENTRIES + " files and directories");
                }
                if (!entry.isDirectory()) {
                    add(entry.getName().replace('\\', '/'), zip);
                }
            }
        } catch (ZipException | IllegalArgumentException e) {
            throw new Refused(file + " is no zip file that can be read");
        }
        if (read == 0) {
            throw new Refused(file + " is no zip file, or has nothing in it");
        }
    }

    private void add(String name, InputStream in) throws IOException {
        byte[] content = in.readNBytes(left + 1);
        left -= content.length;
        if (left < 0 || read++ == MOST_FILES) {
            throw new Refused("the export has more than " + MOST_FILES + " files or " + LARGEST + " bytes unpacked");
        }
        try {
            files.put(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(content))
                            .toString());
        } catch (CharacterCodingException e) {
            imported.leaveOut(name, "is no text in UTF-8");
        }
    }
}
