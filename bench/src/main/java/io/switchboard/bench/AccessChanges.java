package io.switchboard.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * How long a change takes from the call of etcd to the traffic: services get a task and lose it again, one at a time, while
 * somebody asks for the service over and over, each time on a new connection.
 */
final class AccessChanges {

    private static final long BETWEEN_REQUESTS_NANOS = 200_000;
    /** Tasks are asked in turn, and there are three: by so many answers of others a task would have been asked. */
    private static final int ROUNDS = 12;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final AccessRecords records;
    private final int httpPort;

    AccessChanges(AccessRecords records, int httpPort) {
        this.records = records;
        this.httpPort = httpPort;
    }

    /**
     * @param up from the put that adds a task to its first answer, ns
     * @param down from the put that takes it away to its last answer, ns
     */
    record Result(Histogram up, Histogram down) {

        String text() {
            return "up " + Output.percentiles(up, "p50 %.1f, p99 %.1f, most %.1f ms", 50, 99, 100) + "; down "
                    + Output.percentiles(down, "p50 %.1f, p99 %.1f, most %.1f ms", 50, 99, 100);
        }
    }

    /** Returns once every service answers. */
    void awaitAll(List<AccessService> services) throws IOException, InterruptedException {
        long end = System.nanoTime() + 4 * PATIENCE_NANOS;
        for (AccessService service : services) {
            while (!answers(service)) {
                if (System.nanoTime() > end) {
                    throw new IOException(service.host() + " isn't served");
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private boolean answers(AccessService service) {
        try {
            return service.tasks()
                    .contains(HttpConnection.once(httpPort, service.host()).body());
        } catch (IOException e) {
            return false;
        }
    }

    Result measure(List<AccessService> services, int changes) throws Exception {
        var up = new Histogram(3);
        var down = new Histogram(3);
        for (int change = 0; change < changes; change++) {
            var service = services.get(ThreadLocalRandom.current().nextInt(services.size()));
            pause();
            var task = service.add();
            up.recordValue(untilAnswered(service, task));
            pause();
            service.remove(task);
            down.recordValue(untilSilent(service, task));
        }
        return new Result(up, down);
    }

    /**
     * A task comes and goes ten times a second.
     *
     * @param times an even number, after which it is gone
     * @return from the last change until it was in force, ns
     */
    long flap(AccessService service, int times) throws Exception {
        var task = service.add();
        records.put(service).get();
        for (int change = 2; change < times; change++) {
            TimeUnit.MILLISECONDS.sleep(100);
            if (change % 2 == 0) {
                service.remove(task);
            } else {
                service.add(task);
            }
            records.put(service).get();
        }
        TimeUnit.MILLISECONDS.sleep(100);
        service.remove(task);
        return untilSilent(service, task);
    }

    /** Changes of real services keep no step with what an agent does meanwhile. */
    private static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(20, 60));
    }

    private long untilAnswered(AccessService service, String task) throws Exception {
        long began = System.nanoTime();
        var put = records.put(service);
        while (System.nanoTime() < began + PATIENCE_NANOS) {
            if (ask(service).equals(task)) {
                long took = System.nanoTime() - began;
                put.get();
                return took;
            }
            LockSupport.parkNanos(BETWEEN_REQUESTS_NANOS);
        }
        throw new IOException("the new task of " + service.host() + " gets no request");
    }

    private long untilSilent(AccessService service, String task) throws Exception {
        long began = System.nanoTime();
        long last = began;
        var put = records.put(service);
        for (int others = 0; others < ROUNDS; others++) {
            if (ask(service).equals(task)) {
                last = System.nanoTime();
                others = -1;
            }
            if (System.nanoTime() > began + PATIENCE_NANOS) {
                throw new IOException("the removed task of " + service.host() + " still gets requests");
            }
            LockSupport.parkNanos(BETWEEN_REQUESTS_NANOS);
        }
        put.get();
        return last - began;
    }

    private String ask(AccessService service) throws IOException {
        var answer = HttpConnection.once(httpPort, service.host());
        if (answer.status() != 200) {
            throw new IOException(service.host() + " answered " + answer.status() + ": " + answer.body());
        }
        return answer.body();
    }
}
