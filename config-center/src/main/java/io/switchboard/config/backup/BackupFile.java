package io.switchboard.config.backup;

import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.Sha256;
import io.switchboard.contracts.problem.Problem;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;

/** What {@link BackupWriter} wrote: whole, unchanged, and all of it in order. What the entries hold is still to be looked at. */
final class BackupFile {

    /** What is much is compressed already before it is stored, and what is little has a hash of its own, which packs to nothing less. */
    private static final long MOST_PACKED = 200;

    private static final long SMALL = 16L * 1024 * 1024;

    private final Path file;
    private final long end;

    private BackupFile(Path file, long end) {
        this.file = file;
        this.end = end;
    }

    /** @throws Problem {@link BackupProblem#NO_BACKUP} if it is none, or was cut off or changed */
    static BackupFile of(Path file) throws IOException {
        long end = Files.size(file) - Sha256.LENGTH;
        byte[] title = BackupWriter.TITLE.getBytes(StandardCharsets.US_ASCII);
        if (end <= title.length) {
            throw BackupProblem.noBackup("The file is too short for a backup.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            if (!Arrays.equals(in.readNBytes(title.length), title)) {
                throw BackupProblem.noBackup(
                        "The file is no backup, or one of a format that this center doesn't read.");
            }
        }
        if (!Sha256.closes(file)) {
            throw BackupProblem.noBackup("The file doesn't match its hash: it was cut off or changed.");
        }
        return new BackupFile(file, end);
    }

    /** What is before the hash. */
    private static final class Part extends InputStream {

        private final InputStream whole;
        private long left;

        private Part(InputStream whole, long left) {
            this.whole = whole;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = whole.read(buffer, offset, (int) Math.min(left, length));
            left -= Math.max(0, read);
            return read;
        }
    }

    @FunctionalInterface
    interface Reader {
        void read(Entry entry) throws IOException, KeeperException, DamagedContent;
    }

    /** Reads all of them, in their order, one at a time. */
    void forEach(Reader reader) throws IOException, KeeperException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            var compressed = new Part(in, end);
            compressed.skipNBytes(BackupWriter.TITLE.length());
            var body = new DataInputStream(new GZIPInputStream(compressed, 64 * 1024));
            long count = 0;
            long unpacked = 0;
            Entry last = null;
            for (Optional<Entry> next = next(body, last); next.isPresent(); next = next(body, last)) {
                last = next.get();
                unpacked += last.content().length;
                if (unpacked > SMALL + MOST_PACKED * (end - compressed.left)) {
                    throw BackupProblem.noBackup("The file is packed more tightly than any of ours.");
                }
                reader.read(last);
                count++;
            }
            if (readLong(body) != count || body.read() >= 0 || compressed.read() >= 0) {
                throw BackupProblem.noBackup("The file has more or less in it than it says.");
            }
        } catch (DamagedContent e) {
            throw new IllegalStateException("What was looked at is another by now", e);
        } catch (ZipException | EOFException e) {
            throw BackupProblem.noBackup("The file is not compressed as a backup is.");
        }
    }

    private static long readLong(DataInputStream body) throws IOException {
        try {
            return body.readLong();
        } catch (EOFException e) {
            throw BackupProblem.noBackup("The file ends in the middle.");
        }
    }

    private static Optional<Entry> next(DataInputStream body, @Nullable Entry last) throws IOException {
        try {
            String place = body.readUTF();
            if (place.equals(BackupWriter.END)) {
                return Optional.empty();
            }
            var address = new Address(
                    Place.valueOf(place),
                    body.readUTF(),
                    body.readUTF(),
                    body.readUTF(),
                    body.readUTF(),
                    body.readUTF());
            if (last != null && address.compareTo(last.address()) <= 0) {
                throw BackupProblem.noBackup(
                        "An entry is there twice, or in a wrong place, in " + address.path() + ".");
            }
            int revision = body.readInt();
            int length = body.readInt();
            if (revision < 0 || length < 0 || length > Entry.LARGEST) {
                throw BackupProblem.noBackup("An entry is larger than any of ours, in " + address.path() + ".");
            }
            byte[] content = body.readNBytes(length);
            if (content.length < length) {
                throw new EOFException();
            }
            return Optional.of(new Entry(address, revision, content));
        } catch (EOFException e) {
            throw BackupProblem.noBackup("The file ends in the middle.");
        } catch (UTFDataFormatException | IllegalArgumentException e) {
            throw BackupProblem.noBackup("An entry has a name that none of ours has.");
        }
    }
}
