package io.switchboard.config.backup;

import io.switchboard.configprotocol.Sha256;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The format of a backup: a line that names it and its version; entries, compressed, in strictly ascending order of their addresses,
 * with their count behind them; and the SHA-256 of all that. So what is cut off, changed or there twice is found before anything of it
 * is used. The hash is no signature: who can write the file can make another one.
 */
final class BackupWriter {

    static final String TITLE = "switchboard-config-backup/1\n";
    static final String END = "";

    private final OutputStream out;
    private final DigestOutputStream hashed;
    private final GZIPOutputStream packed;
    private final DataOutputStream body;
    private long count;

    BackupWriter(OutputStream out) throws IOException {
        this.out = out;
        hashed = new DigestOutputStream(out, Sha256.begin());
        hashed.write(TITLE.getBytes(StandardCharsets.US_ASCII));
        packed = new GZIPOutputStream(hashed, 64 * 1024);
        body = new DataOutputStream(packed);
    }

    void write(Entry entry) throws IOException {
        Address address = entry.address();
        body.writeUTF(address.place().name());
        body.writeUTF(address.tenant());
        body.writeUTF(address.application());
        body.writeUTF(address.stage());
        body.writeUTF(address.namespace());
        body.writeUTF(address.name());
        body.writeInt(entry.revision());
        body.writeInt(entry.content().length);
        body.write(entry.content());
        count++;
    }

    /** Without this, the file is cut off. */
    void finish() throws IOException {
        body.writeUTF(END);
        body.writeLong(count);
        packed.finish();
        out.write(hashed.getMessageDigest().digest());
        out.flush();
    }

    long count() {
        return count;
    }
}
