package io.switchboard.configprotocol;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which every Java platform has. */
public final class Sha256 {

    /** Bytes. */
    public static final int LENGTH = 32;

    private Sha256() {}

    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Whether the last bytes of a file are the hash of all before: it was neither cut off nor changed. */
    public static boolean closes(Path file) throws IOException {
        MessageDigest hash = begin();
        long left = Files.size(file) - LENGTH;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            byte[] some = new byte[64 * 1024];
            for (int read = 1; left > 0 && read > 0; left -= read) {
                read = in.readNBytes(some, 0, (int) Math.min(some.length, left));
                hash.update(some, 0, read);
            }
            return left == 0 && MessageDigest.isEqual(hash.digest(), in.readNBytes(LENGTH));
        }
    }
}
