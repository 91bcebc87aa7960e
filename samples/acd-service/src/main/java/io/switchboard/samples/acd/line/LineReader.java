package io.switchboard.samples.acd.line;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of bounded length; what was read of one is kept over a time-out. */
final class LineReader {

    /** Bytes of a line without its end. */
    static final int LONGEST = 200;

    private final InputStream in;
    private final byte[] line = new byte[LONGEST + 1];
    private int length;

    /** @param in buffered, because it is read byte by byte */
    LineReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next line; empty at the end of the stream, even if that ends within a line.
     *
     * @throws SocketTimeoutException if none came in time; the same call may be made again
     * @throws TooLong if the line is longer than {@value #LONGEST} bytes
     */
    Optional<String> next() throws IOException, TooLong {
        for (int read = in.read(); read >= 0; read = in.read()) {
            if (read == '\n') {
                int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
                length = 0;
                return Optional.of(new String(line, 0, end, StandardCharsets.ISO_8859_1));
            }
            if (length == line.length) {
                throw new TooLong();
            }
            line[length++] = (byte) read;
        }
        return Optional.empty();
    }

    static final class TooLong extends Exception {

        private static final long serialVersionUID = 1L;
    }
}
