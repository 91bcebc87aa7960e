package io.switchboard.config.namespace;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.jspecify.annotations.Nullable;

/** Hands on what a client and its ZooKeeper say to each other, counts what is asked, and loses an answer if told to. */
final class Relay {

    private final ServerSocket listening;
    private final int server;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong untilLost = new AtomicLong(-1);
    private final AtomicLong lost = new AtomicLong();
    private final AtomicReference<@Nullable String> lastOne = new AtomicReference<>();
    private volatile boolean cut;
    private final AtomicReference<@Nullable Before> before = new AtomicReference<>();
    private final AtomicLong underWay = new AtomicLong();
    private final AtomicLong mostUnderWay = new AtomicLong();

    Relay(int server) throws IOException {
        this.server = server;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /** Its port. */
    int server() {
        return server;
    }

    /** Those that were handed on, without what only keeps the session alive. */
    long requests() {
        return requests.get();
    }

    /** Has a transaction take effect, the one after so many others, and the connection break before its answer. */
    void loseAnswer(int after) {
        untilLost.set(after);
    }

    void loseNone() {
        untilLost.set(-1);
    }

    /** Has the connection break before the answer to the next transaction with this in it, for good or until it is mended. */
    void cutBehind(String text) {
        lastOne.set(text);
    }

    /** Lets connections through again. */
    void mend() {
        lastOne.set(null);
        cut = false;
    }

    private record Before(String text, Runnable act) {}

    /** Has it done, once, before the next transaction goes on that has this in it; all that is asked behind it waits. */
    void before(String text, Runnable act) {
        before.set(new Before(text, act));
    }

    void beforeNone() {
        before.set(null);
    }

    /** Requests that waited for an answer at the same time, at most since the last call. */
    long mostUnderWay() {
        return mostUnderWay.getAndSet(0);
    }

    /** Answers that were lost. */
    long lost() {
        return lost.get();
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listening.accept();
                if (cut) {
                    client.close();
                    continue;
                }
                client.setTcpNoDelay(true);
                try {
                    new Connection(client, new Socket(InetAddress.getLoopbackAddress(), server)).begin();
                } catch (IOException e) {
                    client.close();
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private final class Connection {

        private final Socket client;
        private final Socket upstream;
        private volatile OptionalInt unanswered = OptionalInt.empty();
        private volatile int lastUnanswered = -1;

        Connection(Socket client, Socket upstream) throws IOException {
            this.client = client;
            this.upstream = upstream;
            upstream.setTcpNoDelay(true);
        }

        void begin() {
            Thread.ofVirtual().start(() -> handOn(client, upstream, this::asked));
            Thread.ofVirtual().start(() -> handOn(upstream, client, this::answered));
        }

        private interface Look {
            boolean at(ByteBuffer message);
        }

        /** Both sides say first who they are; all that follows begins with the request's number. */
        private void handOn(Socket from, Socket to, Look look) {
            try (from;
                    to) {
                var in = new DataInputStream(from.getInputStream());
                var out = new DataOutputStream(to.getOutputStream());
                for (boolean first = true; ; first = false) {
                    byte[] message = new byte[in.readInt()];
                    in.readFully(message);
                    if (!first && !look.at(ByteBuffer.wrap(message))) {
                        return;
                    }
                    var whole = ByteBuffer.allocate(Integer.BYTES + message.length);
                    out.write(whole.putInt(message.length).put(message).array());
                }
            } catch (IOException e) {
                // One side went away.
            }
        }

        private boolean asked(ByteBuffer request) {
            int number = request.getInt();
            int kind = request.getInt();
            if (number >= 0) {
                requests.incrementAndGet();
                mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            }
            if (kind == OpCode.multi) {
                var all = new String(request.array(), StandardCharsets.ISO_8859_1);
                Before waiting = before.get();
                if (waiting != null && all.contains(waiting.text()) && before.compareAndSet(waiting, null)) {
                    waiting.act().run();
                }
                String last = lastOne.get();
                if (last != null && all.contains(last)) {
                    lastUnanswered = number;
                }
            }
            if (kind == OpCode.multi && untilLost.getAndDecrement() == 0) {
                unanswered = OptionalInt.of(number);
            }
            return true;
        }

        private boolean answered(ByteBuffer answer) {
            int number = answer.getInt();
            if (number >= 0) {
                underWay.decrementAndGet();
            }
            if (number >= 0 && number == lastUnanswered) {
                cut = true;
                return false;
            }
            if (unanswered.isPresent() && unanswered.getAsInt() == number) {
                lost.incrementAndGet();
                return false;
            }
            return true;
        }
    }
}
