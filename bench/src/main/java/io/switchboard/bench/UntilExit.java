package io.switchboard.bench;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Closes what is still open when this JVM is told to end (SIGTERM, SIGINT) or fails: servers that run in sessions of their own
 * would go on. Who is closed in good order says so with {@link #closes}, and is closed once whoever does it.
 */
final class UntilExit {

    private static final Deque<AutoCloseable> OPEN = new ConcurrentLinkedDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(UntilExit::closeAll, "bench-exit"));
    }

    private UntilExit() {}

    static <T extends AutoCloseable> T open(T closeable) {
        OPEN.addLast(closeable);
        return closeable;
    }

    /** @return whether the caller is the one who closes it */
    static boolean closes(AutoCloseable closeable) {
        return OPEN.removeLastOccurrence(closeable);
    }

    /** The last that was opened first, because it may need those before it. */
    private static void closeAll() {
        for (AutoCloseable last = OPEN.peekLast(); last != null; last = OPEN.peekLast()) {
            try {
                last.close();
            } catch (Exception e) {
                System.err.println("not closed in good order: " + e);
            }
            // One that doesn't ask whether it is to close would be met again.
            OPEN.removeLastOccurrence(last);
        }
    }
}
