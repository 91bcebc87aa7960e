package io.switchboard.access.balancer.kamailio;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.balancer.Balancer.Outcome;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Domains;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Network;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.HostileText;
import io.switchboard.access.testing.OwnKamailio;
import io.switchboard.access.testing.Programs;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Whatever a name, a host or a number holds, it is refused or stays what it is: it never becomes a setting, a line of the list or
 * a command. Kamailio itself says whether it takes the files, and what it has then. A seed that fails fails again.
 */
class HostileSipTests {

    private static final int PORT = FreePorts.next();
    private static final int UPSTREAMS = 150;

    private static final List<String> FRAGMENTS = List.of(
            "$ru",
            "$sht(domains=>x)",
            "$(ru{s.len})",
            "!!",
            "#!",
            ") = 1; }",
            "@",
            "=>",
            "::",
            "loadmodule \"exec.so\"",
            "exec_msg(\"id\")",
            " 8",
            " 0 0 socket=udp:1.2.3.4:5",
            "4294967296",
            "sip:",
            ";transport=tcp");

    private static final Pattern LIST = Pattern.compile("\\d+ sip:\\d+(\\.\\d+){3}:\\d{1,5} [04]");
    private static final Pattern START = Pattern.compile("  \\$sht\\(domains=>[a-z0-9.-]+\\) = \\d+;"
            + "|  \\$sht\\(rules=>(allow[12]|perSecond|perSecondPerSource)::[a-z0-9.-]+\\) = \"[0-9a-f:./,]+\";");

    @TempDir
    static Path directory;

    private static @Nullable KamailioBalancer running;

    @BeforeAll
    static void start() {
        running = new KamailioBalancer(
                properties(),
                new KamailioProgram(Programs.kamailio()),
                new Addressing("switchboard.localhost", "localhost", 8000),
                Clock.systemUTC(),
                new SimpleMeterRegistry());
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(running).close();
    }

    private static KamailioProperties properties() {
        return OwnKamailio.properties(directory, PORT, 1, 0, Duration.ofSeconds(5), List.of());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatComesInNeverBecomesASetting(long seed) throws IOException, Rpc.Refused {
        var random = new Random(seed);
        var hostile = new HostileText(random, 8, FRAGMENTS);
        List<Upstream> upstreams = new ArrayList<>();
        for (int number = 0; number < UPSTREAMS; number++) {
            upstream(number, random, hostile).ifPresent(upstreams::add);
        }
        assertThat(upstreams).hasSizeBetween(UPSTREAMS / 20, UPSTREAMS - UPSTREAMS / 20);
        var balancer = Objects.requireNonNull(running);

        var outcomes = balancer.carry(upstreams);

        assertThat(outcomes).hasSize(upstreams.size());
        assertThat(outcomes.values()).anyMatch(Outcome.InForce.class::isInstance);
        assertThat(outcomes.values())
                .filteredOn(Outcome.Refused.class::isInstance)
                .extracting(outcome -> ((Outcome.Refused) outcome).reason())
                .allMatch(reason -> reason.contains("of a task has no address")
                        || reason.contains("both be reached")
                        // The machine's resolver takes its time for a name that nobody has.
                        || reason.contains("isn't known yet"));
        var list = Files.readAllLines(directory.resolve("dispatcher.list"));
        assertThat(list.subList(1, list.size()))
                .isNotEmpty()
                .allMatch(line -> LIST.matcher(line).matches());
        var start = Files.readAllLines(directory.resolve("domains.cfg"));
        assertThat(start.subList(2, start.size() - 2))
                .isNotEmpty()
                .allMatch(line -> START.matcher(line).matches());
        new KamailioProgram(Programs.kamailio()).check(directory.resolve("kamailio.cfg"));
        assertThat(domains()).isEqualTo(wanted(upstreams));
        assertThat(ask("htable.dump", "rules").findValues("value"))
                .isNotEmpty()
                .extracting(value -> value.asString(""))
                .allMatch(value -> value.matches("[0-9a-f:./,]+"));
        assertThat(tasks())
                .isEqualTo(list.subList(1, list.size()).stream()
                        .map(line -> line.substring(0, line.lastIndexOf(' ')))
                        .collect(java.util.stream.Collectors.toCollection(TreeSet::new)));
    }

    private static Set<String> wanted(List<Upstream> upstreams) {
        var domains = new TreeSet<String>();
        upstreams.forEach(upstream -> upstream.sip().forEach(route -> domains.add(route.domain())));
        return domains;
    }

    /** As Kamailio tells them, by a question of our own. */
    private static Set<String> domains() throws Rpc.Refused {
        var domains = new TreeSet<String>();
        for (JsonNode entry : ask("htable.dump", "domains")) {
            for (JsonNode item : entry.path("slot")) {
                domains.add(item.path("name").asString(""));
            }
        }
        return domains;
    }

    private static Set<String> tasks() throws Rpc.Refused {
        var tasks = new TreeSet<String>();
        for (JsonNode record : ask("dispatcher.list").path("RECORDS")) {
            for (JsonNode target : record.path("SET").path("TARGETS")) {
                tasks.add(record.path("SET").path("ID").asInt() + " "
                        + target.path("DEST").path("URI").asString(""));
            }
        }
        return tasks;
    }

    private static JsonNode ask(String method, Object... parameters) throws Rpc.Refused {
        try (var rpc = new Rpc(directory, "judge", Duration.ofSeconds(60))) {
            return rpc.call(method, parameters);
        }
    }

    private static Policy.Rules rules(Random random, HostileText hostile) {
        return new Policy.Rules(
                false,
                0,
                new Policy.Limits(0, random.nextInt(-1, 100), 0, random.nextInt(100)),
                List.of(
                        new Network(hostile.text("fd00::" + Integer.toHexString(random.nextInt(256)))),
                        new Network("::/0")));
    }

    private static Optional<Upstream> upstream(int number, Random random, HostileText hostile) {
        try {
            var port = hostile.text("sip");
            return Optional.of(new Upstream(
                    new UUID((long) number << 16 | 0x7000, 1),
                    hostile.text("acme"),
                    hostile.text("desk"),
                    hostile.text("acd"),
                    1,
                    Instant.EPOCH,
                    List.<Route>of(new Route.Sip(port, hostile.text("s" + number + ".acme"))),
                    List.of(new Endpoint(
                            hostile.text("task-" + number),
                            port,
                            hostile.text("10.0.0." + random.nextInt(256)),
                            hostile.number(),
                            random.nextInt(4) > 0 ? State.READY : State.DRAINING)),
                    false,
                    new Policy(List.of(), Map.of(port, rules(random, hostile))),
                    Domains.NONE));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
