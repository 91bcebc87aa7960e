package io.switchboard.configclient.delivery;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Runs one task at a time, whichever threads they come from. What is to run later waits with one thread for all of the
 * process: a thread for each would be woken up by each release, only to wait again for the time that it takes to settle.
 * That thread only hands over what is due, to one that each has as long as something is: a task that doesn't come to its end
 * holds up nobody else.
 */
final class Turns implements AutoCloseable {

    private static final Log log = LogFactory.getLog(Turns.class);

    private static final ScheduledThreadPoolExecutor clock = clock();

    private final ReentrantLock turn = new ReentrantLock();
    private final ThreadPoolExecutor due =
            new ThreadPoolExecutor(0, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Turns::thread);
    private final List<Future<?>> regular = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    private static ScheduledThreadPoolExecutor clock() {
        var clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = thread(task);
            // Whoever is first to follow must not be kept for as long as others do.
            thread.setContextClassLoader(Turns.class.getClassLoader());
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        clock.setKeepAliveTime(10, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
        return clock;
    }

    private static Thread thread(Runnable task) {
        var thread = new Thread(task, "switchboard-config");
        thread.setDaemon(true);
        return thread;
    }

    /** On the caller's thread, as soon as it is its turn. A failure is logged: threads would swallow it. */
    void now(Runnable task) {
        turn.lock();
        try {
            task.run();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // Its message may repeat a value.
            log.error("Following the config center failed: " + e.getClass().getName() + " at "
                    + Arrays.toString(e.getStackTrace()));
        } finally {
            turn.unlock();
        }
    }

    /** Never runs once this is closed. */
    void later(Duration delay, Runnable task) {
        clock.schedule(() -> handOver(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    void every(Duration period, Runnable task) {
        WakeUp each = wakeUp(Duration.ZERO, task);
        regular.add(clock.scheduleWithFixedDelay(each::soon, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS));
    }

    private void handOver(Runnable task) {
        due.execute(() -> unlessClosed(task));
    }

    private void unlessClosed(Runnable task) {
        if (!closed) {
            now(task);
        }
    }

    /** A task to be woken up for; woken up again before it ran, it still runs once. */
    final class WakeUp {

        private final Duration least;
        private final Duration more;
        private final Runnable task;
        private final AtomicBoolean pending = new AtomicBoolean();

        private WakeUp(Duration least, Duration more, Runnable task) {
            this.least = least;
            this.more = more;
            this.task = task;
        }

        void soon() {
            if (pending.compareAndSet(false, true)) {
                later(least.plus(upTo(more)), () -> {
                    pending.set(false);
                    task.run();
                });
            }
        }
    }

    /** @param delay at least so long after it was woken up, and at most twice as long, the task runs */
    WakeUp wakeUp(Duration delay, Runnable task) {
        return new WakeUp(delay, delay, task);
    }

    /** @param most at most so long after it was woken up, the task runs */
    WakeUp wakeUpWithin(Duration most, Runnable task) {
        return new WakeUp(Duration.ZERO, most, task);
    }

    /** Something between nothing and this, so that many clients don't do the same at once. */
    static Duration upTo(Duration most) {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(most.toNanos() + 1));
    }

    /** On a thread of its own, which no turn waits for. */
    static void apart(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    boolean closed() {
        return closed;
    }

    /** Without interruption: what is running comes to its end. */
    @Override
    public void close() {
        closed = true;
        regular.forEach(each -> each.cancel(false));
    }
}
