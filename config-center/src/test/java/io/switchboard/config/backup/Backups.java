package io.switchboard.config.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Looks into backup files, for tests of other packages. */
public final class Backups {

    private Backups() {}

    /** What each node of ZooKeeper has in it. */
    public static SortedMap<String, byte[]> nodes(byte[] backup) throws Exception {
        SortedMap<String, byte[]> nodes = new TreeMap<>();
        forEach(backup, entry -> {
            if (entry.address().place().isNode()) {
                nodes.put(entry.address().node(), entry.content());
            }
        });
        return nodes;
    }

    /** The same file without some nodes, and with a hash that is right. */
    public static byte[] without(byte[] backup, Predicate<String> node) throws Exception {
        var out = new ByteArrayOutputStream();
        var writer = new BackupWriter(out);
        forEach(backup, entry -> {
            if (!entry.address().place().isNode() || !node.test(entry.address().node())) {
                writer.write(entry);
            }
        });
        writer.finish();
        return out.toByteArray();
    }

    private static void forEach(byte[] backup, BackupFile.Reader reader) throws Exception {
        Path file = Files.createTempFile("backup", null);
        try {
            Files.write(file, backup);
            BackupFile.of(file).forEach(reader);
        } catch (IOException e) {
            throw new AssertionError("it is no backup", e);
        } finally {
            Files.delete(file);
        }
    }
}
