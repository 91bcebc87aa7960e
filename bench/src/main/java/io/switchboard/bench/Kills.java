package io.switchboard.bench;

import static io.switchboard.bench.Output.say;

import io.switchboard.configclient.delivery.Coordinates;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Whether a client misses the last release after members of the ensemble, the center and clients were killed at random
 * while releases went out, each started again before the next one goes.
 */
final class Kills {

    private static final int MEMBERS = 3;
    private static final int CLIENT_PROCESSES = 3;
    private static final int CLIENTS = 10;
    private static final String APPLICATION = "kills";

    private final Tokens tokens;
    private final Path caches;
    private final Random random;
    private final Map<String, String> seen = new ConcurrentHashMap<>();
    private final AtomicLong releases = new AtomicLong();
    private final List<ZooKeeperProcess> members;
    private final String zookeeper;
    private final int centerPort = FreePorts.next();
    private final List<ChildProcess> clients = new ArrayList<>();
    private ChildProcess centerProcess;

    private Kills(Tokens tokens, Path caches, int seed) throws IOException {
        this.tokens = tokens;
        this.caches = caches;
        this.random = new Random(seed);
        this.members = ZooKeeperProcess.ensemble(MEMBERS);
        this.zookeeper = members.stream().map(ZooKeeperProcess::address).collect(Collectors.joining(","));
        members.forEach(ZooKeeperProcess::awaitAnswer);
        this.centerProcess = startCenter();
    }

    /** Clients that did not end with the last release. */
    static long missed(Tokens tokens, int kills, int seed) throws Exception {
        Path caches = Files.createTempDirectory("switchboard-bench-caches");
        var run = new Kills(tokens, caches, seed);
        try {
            return run.missed(kills);
        } finally {
            run.end();
            org.springframework.util.FileSystemUtils.deleteRecursively(caches);
        }
    }

    private long missed(int kills) throws Exception {
        var center = new ConfigCenter(centerPort, tokens);
        Coordinates coordinates = awaitCenter(center);
        release(center, 0);
        for (int process = 0; process < CLIENT_PROCESSES; process++) {
            clients.add(startClients(coordinates, process));
        }
        var done = new java.util.concurrent.atomic.AtomicBoolean();
        Thread publisher = Thread.ofVirtual().start(() -> {
            while (!done.get()) {
                release(center, releases.incrementAndGet());
            }
        });
        for (int kill = 1; kill <= kills; kill++) {
            Pause.millis(500 + random.nextInt(1_500));
            kill(coordinates, center, kill);
        }
        done.set(true);
        publisher.join();
        String last = String.valueOf(releases.get());
        try {
            Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> seen.size() == CLIENT_PROCESSES * CLIENTS
                            && seen.values().stream().allMatch(last::equals));
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            say("kills       some clients are not at the last release");
        }
        long right = seen.values().stream().filter(last::equals).count();
        long missed = CLIENT_PROCESSES * CLIENTS - right;
        say("kills       %d kills during %d releases, %d clients missed the last one", kills, releases.get(), missed);
        return missed;
    }

    private void kill(Coordinates coordinates, ConfigCenter center, int kill) throws Exception {
        int what = random.nextInt(MEMBERS + 1 + CLIENT_PROCESSES);
        long began = System.nanoTime();
        String name;
        if (what < MEMBERS) {
            name = "member " + what;
            members.get(what).kill();
            Pause.millis(random.nextInt(2_000));
            members.get(what).restart();
            members.get(what).awaitAnswer();
        } else if (what == MEMBERS) {
            name = "center";
            centerProcess.kill();
            centerProcess = startCenter();
            awaitCenter(center);
        } else {
            int process = what - MEMBERS - 1;
            name = "clients " + process;
            clients.get(process).kill();
            // What it printed until its end must not count for what it says later.
            seen.keySet().removeIf(client -> client.startsWith("process-" + process + "-"));
            clients.set(process, startClients(coordinates, process));
        }
        say(
                "  kill %d: %s, back after %.1f s, release %d",
                kill, name, (System.nanoTime() - began) / 1e9, releases.get());
    }

    private ChildProcess startCenter() throws IOException {
        return ConfigCenterProcess.start(zookeeper, centerPort, tokens);
    }

    private ChildProcess startClients(Coordinates all, int process) throws IOException {
        var coordinates = new Coordinates(
                all.zookeeper(),
                all.tenant(),
                all.application(),
                all.stage(),
                all.user(),
                all.secret(),
                all.accessKey(),
                "process-" + process,
                Map.of(),
                all.cacheDirectory().resolve(String.valueOf(process)),
                all.startupTimeout(),
                all.sessionTimeout(),
                all.fetchJitter());
        List<String> arguments = new ArrayList<>(List.of(String.valueOf(CLIENTS)));
        arguments.addAll(ConfigCenter.arguments(coordinates));
        return ChildProcess.start(
                FollowingProcess.class, List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"), arguments, line -> {
                    String[] words = line.split(" ", -1);
                    if (words.length == 3 && words[0].equals("took")) {
                        seen.put(words[1], words[2]);
                    }
                });
    }

    private Coordinates awaitCenter(ConfigCenter center) {
        return center.awaitCoordinates(APPLICATION, zookeeper, "client", caches);
    }

    /** Again and again until it is accepted: what was is stamped, so that a repetition changes nothing. */
    private static void release(ConfigCenter center, long stamp) {
        while (true) {
            try {
                long revision = center.edit(
                        APPLICATION, FollowingProcess.NAMESPACE, Map.of(FollowingProcess.ITEM, String.valueOf(stamp)));
                center.publish(APPLICATION, FollowingProcess.NAMESPACE, revision);
                Pause.millis(20);
                return;
            } catch (ConfigCenter.Failed e) {
                if (String.valueOf(e.getMessage()).contains("NOTHING_TO_PUBLISH")) {
                    return;
                }
                Pause.millis(100);
            }
        }
    }

    private void end() throws IOException {
        clients.forEach(ChildProcess::kill);
        centerProcess.kill();
        for (ZooKeeperProcess member : members) {
            member.close();
        }
    }
}
