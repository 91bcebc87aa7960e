package io.switchboard.bench;

import static io.switchboard.bench.Output.sayMachine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.springframework.util.FileSystemUtils;

/**
 * Claims about the config center, all over HTTP and with the starter's own client:
 *
 * <ol>
 *   <li>bean: a release changes a bean of a Spring application within 15 ms at the median and 60 ms at the 99th percentile;
 *   <li>fanout: the slowest of 1 and 100 clients has a release of 1 KiB in at most twice the time of a bare write to as many
 *       bare watches of the same server, the slowest of 1,000 and 5,000 in no more;
 *   <li>releases: 500 releases a second over 100 namespaces;
 *   <li>atomicity: 64 readers of three namespaces published together never see a mix;
 *   <li>idle: the servers keep at most 20 KiB for a client that waits, beyond what ZooKeeper keeps for a bare watch; by fanout, a
 *       client takes at most 5 MiB of heap and 3 threads, whichever size takes most;
 *   <li>kills: no client misses the last release through kills of members, center and clients.
 * </ol>
 *
 * <p>ZooKeeper is a process of its own; center, load and clients are in this one, but for idle and kills. The last line is JSON; what
 * was not measured is {@code null} there. Options: see {@link ConfigOptions#USAGE}.
 */
public final class ConfigBench {

    private static final int IDLE_CLIENTS = 1_000;

    private ConfigBench() {}

    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help")) {
            System.out.print(ConfigOptions.USAGE);
            return;
        }
        var options = Arguments.orExit(() -> ConfigOptions.parse(args));
        sayMachine();
        var tokens = new Tokens(Clock.systemUTC());
        var figures = new Figures();
        Path caches = Files.createTempDirectory("switchboard-bench-caches");
        try (var zookeeper = ZooKeeperProcess.alone();
                var context = ConfigCenter.start(zookeeper.address(), tokens.decoder(), 0)) {
            var center = new ConfigCenter(ConfigCenter.port(context), tokens);
            measure(options, zookeeper, center, caches, figures);
        }
        if (options.measures("idle")) {
            figures.set("serverPerIdleClientKiB", IdleClients.measure(tokens, caches, IDLE_CLIENTS));
        }
        if (options.measures("kills")) {
            figures.add("missed", Kills.missed(tokens, options.kills(), options.seed()));
        }
        FileSystemUtils.deleteRecursively(caches);
        System.out.println(figures.json());
        // Threads of clients may linger.
        System.exit(0);
    }

    private static void measure(
            ConfigOptions options, ZooKeeperProcess server, ConfigCenter center, Path caches, Figures figures)
            throws Exception {
        String zookeeper = server.address();
        if (options.measures("bean")) {
            var bean = new BeanChange(zookeeper, center, caches).measure(options.beanRounds());
            figures.set("beanP50Ms", Output.millis(bean.nanos(), 50));
            figures.set("beanP99Ms", Output.millis(bean.nanos(), 99));
            figures.set("coldStartMs", bean.coldStartMillis());
        }
        if (options.measures("releases")) {
            var rate = new ReleaseRate(center).measure(server, caches, options.seconds());
            figures.set("releasesPerSecond", rate.perSecond());
            figures.add("missed", rate.missed());
        }
        if (options.measures("atomicity")) {
            var atomicity = new Atomicity(center).measure(zookeeper, caches, options.together());
            figures.set("mixesSeen", atomicity.mixes());
            figures.add("missed", atomicity.missed());
        }
        if (options.measures("fanout")) {
            var fanOut = new FanOut(zookeeper, center, caches, options.rounds());
            for (int clients : options.clients()) {
                var result = fanOut.measure(clients);
                figures.set("slowest" + clients + "P50Ms", result.ours());
                figures.set("ratio" + clients, result.ratio());
                figures.most("clientHeapKiB", result.client().heapKib());
                figures.most("clientThreads", result.client().threads());
            }
        }
    }

    /** By name; in the order of the claims. */
    private static final class Figures {

        private static final List<String> NAMES = List.of(
                "beanP50Ms",
                "beanP99Ms",
                "coldStartMs",
                "slowest1P50Ms",
                "slowest100P50Ms",
                "slowest1000P50Ms",
                "slowest5000P50Ms",
                "ratio1",
                "ratio100",
                "ratio1000",
                "ratio5000",
                "releasesPerSecond",
                "mixesSeen",
                "clientHeapKiB",
                "clientThreads",
                "serverPerIdleClientKiB",
                "missed");

        private final Map<String, Double> values = new TreeMap<>();

        void set(String name, double value) {
            values.put(name, value);
        }

        void add(String name, double value) {
            values.merge(name, value, Double::sum);
        }

        void most(String name, double value) {
            values.merge(name, value, Math::max);
        }

        private String json() {
            var json = new StringBuilder("{\"bench\":\"config\"");
            for (String name : NAMES) {
                json.append(",\"").append(name).append("\":").append(text(name));
            }
            return json.append('}').toString();
        }

        private String text(String name) {
            var value = values.containsKey(name) ? OptionalDouble.of(values.get(name)) : OptionalDouble.empty();
            if (value.isEmpty()) {
                return "null";
            }
            String format = name.startsWith("ratio")
                    ? "%.2f"
                    : name.endsWith("Ms") || name.endsWith("KiB") || name.equals("clientThreads") ? "%.1f" : "%.0f";
            return String.format(Locale.ROOT, format, value.getAsDouble());
        }
    }
}
