package io.switchboard.engine.marathon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** {@code ./switchboard chaos engines}: many {@link ChaosRun}s, one for each seed. */
final class ChaosEngines {

    private static final long TELL_EVERY = 1000;

    /**
     * @param owed the longest that an engine owed Marathon a call while nothing went wrong
     * @param violations by seed; runs without any are left out
     */
    record Found(long runs, double seconds, Duration owed, Map<Long, List<String>> violations) {

        String line() {
            return String.format(
                    Locale.ROOT,
                    "{\"chaos\":\"engines\",\"runs\":%d,\"violations\":%d,\"runsPerSecond\":%.1f}",
                    runs,
                    violations.size(),
                    runs / seconds);
        }
    }

    private ChaosEngines() {}

    /** @param trace gets a line for all that happens */
    static Found search(long firstSeed, long runs, Consumer<String> trace) {
        Map<Long, List<String>> violations = new ConcurrentSkipListMap<>();
        AtomicReference<Duration> owed = new AtomicReference<>(Duration.ZERO);
        AtomicLong next = new AtomicLong(firstSeed);
        long started = System.nanoTime();
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int n = 0; n < threads; n++) {
                pool.execute(() -> {
                    for (long seed = next.getAndIncrement(); seed < firstSeed + runs; seed = next.getAndIncrement()) {
                        run(seed, violations, owed, trace);
                        tell(seed - firstSeed + 1, started);
                    }
                });
            }
        }
        return new Found(runs, (System.nanoTime() - started) / 1e9, owed.get(), Map.copyOf(violations));
    }

    private static void run(
            long seed, Map<Long, List<String>> violations, AtomicReference<Duration> owed, Consumer<String> trace) {
        List<String> found;
        try {
            ChaosRun.Outcome outcome = new ChaosRun(seed, trace).run();
            found = outcome.violations();
            owed.accumulateAndGet(outcome.owed(), (one, other) -> one.compareTo(other) > 0 ? one : other);
        } catch (RuntimeException e) {
            found = List.of("the run itself failed: " + e);
        }
        if (!found.isEmpty()) {
            violations.put(seed, found);
            System.out.println("seed " + seed + ": " + found);
        }
    }

    private static void tell(long done, long started) {
        if (done % TELL_EVERY == 0) {
            System.out.printf(Locale.ROOT, "%d runs after %.0f s%n", done, (System.nanoTime() - started) / 1e9);
        }
    }

    public static void main(String[] arguments) {
        // Every fault is told of somewhere; what counts is printed at the end.
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        long runs = 1000;
        long seed = 1;
        Consumer<String> trace = line -> {};
        for (int n = 0; n < arguments.length; n += 2) {
            String value = n + 1 < arguments.length ? arguments[n + 1] : "";
            switch (arguments[n]) {
                case "--runs" -> runs = number(arguments[n], value);
                case "--seed" -> seed = number(arguments[n], value);
                case "--trace" -> {
                    trace = System.out::println;
                    n--;
                }
                default -> refuse("there is no option " + arguments[n]);
            }
        }
        Found found = search(seed, runs, trace);
        System.out.println(
                "the engine owed Marathon a call for at most " + found.owed().toMillis() + " ms");
        System.out.println(found.line());
        System.exit(found.violations().isEmpty() ? 0 : 1);
    }

    private static long number(String option, String value) {
        if (!value.matches("\\d{1,12}") || Long.parseLong(value) < 1) {
            refuse(option + " needs a number, at least 1, but got '" + value + "'");
        }
        return Long.parseLong(value);
    }

    private static void refuse(String why) {
        System.err.println("switchboard: " + why + "; see ./switchboard chaos --help");
        System.exit(2);
    }
}
