package io.switchboard.access.balancer.kamailio;

import io.switchboard.access.balancer.BalancerUnavailable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Kamailio's JSON-RPC over named pipes (module jsonrpcs, transport 2): requests go into its pipe, answers come out of ours. Both
 * lie in a directory that nobody else may enter, which a UDP or TCP port of this machine couldn't offer.
 */
final class Rpc implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    /** Takes the first of what comes and leaves the pipe open for the next. */
    private static final ObjectReader ANSWERS = JSON.reader()
            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .without(StreamReadFeature.AUTO_CLOSE_SOURCE);
    /** What Kamailio reads at once (JSONRPC_BUF_IN_SIZE is 8192). */
    private static final int LONGEST = 8_000;

    private final Path directory;
    private final Path requests;
    private final String ours;
    private final Duration timeout;
    private @Nullable Replies replies;
    private long last;

    /**
     * @param directory of the pipes; ours is made with the first call
     * @param ours its name, without a dot or slash, which Kamailio doesn't take; whoever else uses it gets our answers
     */
    Rpc(Path directory, String ours, Duration timeout) {
        this.directory = directory;
        this.requests = directory.resolve("rpc.fifo");
        this.ours = ours;
        this.timeout = timeout;
    }

    /** Kamailio refused a request. */
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        private final int code;

        Refused(String method, JsonNode error) {
            super(method + " was answered with " + error.path("message").asString(error.toString()));
            this.code = error.path("code").asInt(0);
        }

        int code() {
            return code;
        }
    }

    /**
     * Carries out a method.
     *
     * @return its result
     * @throws BalancerUnavailable if no answer came
     */
    synchronized JsonNode call(String method, Object... parameters) throws Refused {
        long id = ++last;
        var request = JSON.createObjectNode()
                .put("jsonrpc", "2.0")
                .put("method", method)
                .put("reply_name", ours)
                .put("id", id)
                .set("params", JSON.valueToTree(List.of(parameters)));
        var bytes = JSON.writeValueAsString(request).getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST) {
            throw new IllegalArgumentException("a request of " + bytes.length + " bytes is more than Kamailio reads");
        }
        try {
            var answer = answer(id, bytes);
            var error = answer.path("error");
            if (!error.isMissingNode()) {
                throw new Refused(method, error);
            }
            return answer.path("result");
        } catch (IOException | JacksonException e) {
            // Half an answer may follow, which nobody could tell from the next.
            close();
            throw new BalancerUnavailable("Kamailio doesn't answer in " + directory + ": " + e.getMessage(), e);
        }
    }

    private JsonNode answer(long id, byte[] request) throws IOException {
        // Opening a pipe that nobody reads would wait for ever; Kamailio deletes its pipe when it ends, not when it is
        // killed.
        if (!Files.exists(requests)) {
            throw new IOException("it isn't there");
        }
        var from = replies;
        if (from == null) {
            from = new Replies(directory.resolve(ours));
            replies = from;
        }
        from.within(timeout);
        try (var pipe = new RandomAccessFile(requests.toFile(), "rw")) {
            pipe.write(request);
            var answer = ANSWERS.readTree(from);
            if (answer.path("id").asLong() != id) {
                throw new IOException("it answered another question");
            }
            return answer;
        }
    }

    @Override
    public synchronized void close() {
        var open = replies;
        replies = null;
        if (open != null) {
            open.close();
        }
    }

    /** Our pipe. A thread of its own reads it, because only that can be left to wait. */
    private static final class Replies extends InputStream {

        private final RandomAccessFile pipe;
        private final BlockingQueue<byte[]> read = new LinkedBlockingQueue<>();
        private byte[] rest = {};
        private long end;
        private volatile boolean closed;

        Replies(Path path) throws IOException {
            Files.deleteIfExists(path);
            make(path);
            // For writing, too: a pipe without a writer ends whenever Kamailio has written an answer.
            this.pipe = new RandomAccessFile(path.toFile(), "rw");
            Thread.ofPlatform().daemon().name("access-kamailio").start(this::readUntilClosed);
        }

        private static void make(Path path) throws IOException {
            var made = new ProcessBuilder("mkfifo", "-m", "600", path.toString())
                    .redirectErrorStream(true)
                    .start();
            try {
                if (made.waitFor() != 0) {
                    throw new IOException(
                            new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        private void readUntilClosed() {
            var buffer = new byte[65_536];
            try (pipe;
                    var in = new FileInputStream(pipe.getFD())) {
                while (!closed) {
                    read.add(Arrays.copyOf(buffer, Math.max(0, in.read(buffer))));
                }
            } catch (IOException e) {
                // Whoever waits finds out by the time.
            }
        }

        void within(Duration timeout) {
            rest = new byte[0];
            end = System.nanoTime() + timeout.toNanos();
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) == 1 ? one[0] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            while (rest.length == 0) {
                rest = next();
            }
            int taken = Math.min(length, rest.length);
            System.arraycopy(rest, 0, into, offset, taken);
            rest = Arrays.copyOfRange(rest, taken, rest.length);
            return taken;
        }

        private byte[] next() throws IOException {
            try {
                var next = read.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new IOException("nothing came in time");
                }
                return next;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        /** Wakes the reader, which would sit in its read for ever. */
        @Override
        public void close() {
            closed = true;
            try {
                pipe.write(' ');
            } catch (IOException e) {
                // It has ended.
            }
        }
    }
}
