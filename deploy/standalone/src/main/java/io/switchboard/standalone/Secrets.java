package io.switchboard.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What only this installation knows: made at random on the first start, kept readable by its owner only. */
final class Secrets {

    /** As many as a key of AES-256 has. */
    private static final int BYTES = 32;

    private final Map<String, String> values;

    private Secrets(Map<String, String> values) {
        this.values = values;
    }

    /** Reads the file, and adds to it what it doesn't hold yet. */
    static Secrets in(Path file, String... names) throws IOException {
        var stored = new Properties();
        if (Files.exists(file)) {
            try (var reader = Files.newBufferedReader(file)) {
                stored.load(reader);
            }
        }
        var random = new SecureRandom();
        var values = new TreeMap<String, String>();
        boolean grew = false;
        for (var name : names) {
            var value = stored.getProperty(name);
            if (value == null) {
                var bytes = new byte[BYTES];
                random.nextBytes(bytes);
                value = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
                stored.setProperty(name, value);
                grew = true;
            }
            values.put(name, value);
        }
        if (grew) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            var next = Files.createTempFile(
                    file.toAbsolutePath().getParent(),
                    "secrets",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (var writer = Files.newBufferedWriter(next)) {
                stored.store(writer, null);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return new Secrets(values);
    }

    String get(String name) {
        var value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no secret called " + name);
        }
        return value;
    }

    @Override
    public String toString() {
        return "Secrets" + values.keySet();
    }
}
