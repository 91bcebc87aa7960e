package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.balancer.HostAddresses;
import io.switchboard.access.route.Domain;
import io.switchboard.access.route.Domains;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Network;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.HostileText;
import io.switchboard.access.testing.Programs;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a name, a host or a number holds, it is refused or stays what it is: it never becomes a setting, a line of a map
 * or a command. HAProxy itself says whether it takes the file. A seed that fails fails again.
 */
class HostileInputTests {

    private static final int UPSTREAMS = 300;
    private static final PortRange PORTS = new PortRange(22_000, 22_999);

    private static final List<String> FRAGMENTS = List.of(
            "${HOME}",
            "%[env(HOME)]",
            "$(id)",
            "<<",
            "@1",
            "backend x",
            " disabled",
            " check",
            "add server x/y 1.2.3.4:1");

    private static final Pattern SERVER = Pattern.compile(
            "  server (s|p)\\d+ (\\d+(\\.\\d+){3}|\\[[0-9a-f:]+\\]):\\d{1,5}( weight \\d{1,3})?( send-proxy-v2)?( check inter 2s fall 2 rise 1)?( disabled)?");
    /** In the order of the maps' files. */
    private static final List<Pattern> MAPS = Stream.of(
                    "[a-z0-9.-]+ [hw]\\d{4}",
                    "[a-z0-9.-]+(/[A-Za-z0-9._~-]+)+/ [hw]\\d{4}",
                    "\\d{1,5} [tv]\\d{4}",
                    "[htwv]\\d{4} (open|listed):(sticky|loose)(:\\d+){5}:[0-9a-f]{16}",
                    "[htwv]\\d{4}/(8/[0-9A-F]{0,8}|32/[0-9A-F]{0,32}) 1",
                    "[hw]\\d{4}(\\.[0-9a-f]{16} s\\d+|/s\\d+ [0-9a-f]{16})",
                    "[a-z0-9.-]+ [tv]\\d{4}")
            .map(Pattern::compile)
            .toList();

    private static final Pattern COMMAND = Pattern.compile(
            "add server [htwv]\\d{4}/[sp]\\d+ [0-9a-f.:\\[\\]]+:\\d{1,5}( weight \\d{1,3})?( send-proxy-v2)?"
                    + "( check inter 2s fall 2 rise 1)?"
                    + "|enable health [htwv]\\d{4}/[sp]\\d+"
                    + "|set server [htwv]\\d{4}/[sp]\\d+"
                    + " (state (ready|drain|maint)|addr [0-9a-f.:]+ port \\d{1,5}|weight \\d{1,3})"
                    + "|del map /\\S+ [A-Za-z0-9._~/-]+"
                    + "|(add|set) map /\\S+ ("
                    + MAPS.stream().map(Pattern::pattern).collect(Collectors.joining("|")) + ")");

    @TempDir
    private Path directory;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatComesInNeverBecomesASetting(long seed) throws IOException {
        var config = config("", false);
        var before = layout(config, Layout.EMPTY, seed);

        onlyServersAndEntries(config, Layout.EMPTY, before);
    }

    /** The same instances have become others: what they had is taken back by what it was called. */
    @ParameterizedTest
    @MethodSource("seeds")
    void norDoesWhatTakesItsPlace(long seed) throws IOException {
        var config = config("127.0.0.1:" + FreePorts.next(), true);
        Files.createDirectories(config.certificates());
        Files.createFile(config.certificates().resolve("list.txt"));
        var before = layout(config, Layout.EMPTY, seed);
        var after = layout(config, before, seed + 1_000);

        onlyServersAndEntries(config, before, after);
    }

    private ConfigFile config(String tlsBind, boolean checks) {
        return new ConfigFile(
                directory,
                directory,
                "127.0.0.1:" + FreePorts.next(),
                tlsBind,
                "127.0.0.1",
                PORTS,
                List.of(),
                new Pool(4 * UPSTREAMS, UPSTREAMS, UPSTREAMS),
                checks,
                List.of(new Network("10.0.0.0/8"), new Network("fd00::/8")));
    }

    private static Layout layout(ConfigFile config, Layout before, long seed) {
        var random = new Random(seed);
        var hostile = new HostileText(random, 3, FRAGMENTS);
        List<Upstream> upstreams = new ArrayList<>();
        for (int number = 0; number < UPSTREAMS; number++) {
            upstream(number, random, hostile).ifPresent(upstreams::add);
        }
        assertThat(upstreams).hasSizeBetween(UPSTREAMS / 30, UPSTREAMS - UPSTREAMS / 20);
        var addresses = new HostAddresses(
                Clock.systemUTC(),
                host -> {
                    throw new UnknownHostException(host);
                },
                () -> {});
        return new Planner(config.pool(), Map.of(), Layout.EMPTY)
                .plan(before, upstreams, addresses::of)
                .layout();
    }

    private void onlyServersAndEntries(ConfigFile config, Layout before, Layout after) throws IOException {
        assertThat(after.hosts()).isNotEmpty().isNotEqualTo(before.hosts());
        var lines = config.render(after)
                .lines()
                .filter(line -> !SERVER.matcher(line).matches());
        assertThat(lines)
                .containsExactlyElementsOf(config.render(Layout.EMPTY).lines().toList());
        var maps = Maps.of(after).all();
        for (int at = 0; at < maps.size(); at++) {
            var text = ConfigFile.map(maps.get(at));
            var line = MAPS.get(at);
            assertThat(text.lines())
                    .isNotEmpty()
                    .hasSize(maps.get(at).size())
                    .allMatch(each -> line.matcher(each).matches());
            Files.writeString(Maps.files(directory).get(at), text);
        }
        assertThat(new Commands(directory, config.checks()).between(before, after))
                .isNotEmpty()
                .allMatch(command -> COMMAND.matcher(command).matches());
        Files.writeString(config.file(), config.render(after));
        new HaproxyProgram(Programs.haproxy()).check(config);
    }

    private static Optional<Upstream> upstream(int number, Random random, HostileText hostile) {
        return accepted(() -> {
            var port = hostile.text("http");
            List<Route> routes = new ArrayList<>(List.of(new Route.Host(port, hostile.text("s" + number + ".acme"))));
            if (random.nextBoolean()) {
                routes.add(new Route.Path(port, hostile.text("s" + number + ".acme"), hostile.text("/chat/v2")));
            }
            if (random.nextBoolean()) {
                routes.add(new Route.Port(port, hostile.number()));
            }
            var host = hostile.text("10.0.0." + random.nextInt(256));
            var endpoint = new Endpoint(
                    hostile.text("task-" + number),
                    port,
                    host,
                    hostile.number(),
                    random.nextInt(4) > 0 ? State.READY : State.DRAINING,
                    random.nextInt(3),
                    random.nextInt(20) > 0 ? random.nextInt(3) : hostile.number());
            return new Upstream(
                    new UUID((long) number << 16 | 0x7000, 1),
                    hostile.text("acme"),
                    hostile.text("desk"),
                    hostile.text("acd"),
                    1,
                    Instant.EPOCH,
                    routes,
                    List.of(endpoint),
                    false,
                    policy(port, random, hostile),
                    domains(number, port, random, hostile));
        });
    }

    private static Domains domains(int number, String port, Random random, HostileText hostile) {
        if (random.nextBoolean()) {
            return Domains.NONE;
        }
        var domain = new Domain(
                hostile.text("calls" + number + ".example"),
                random.nextBoolean() ? "/" : hostile.text("/chat"),
                port,
                random.nextInt(9) > 0 ? "0".repeat(40) : hostile.text("0".repeat(40)),
                Instant.EPOCH,
                random.nextBoolean() ? Instant.EPOCH : null,
                null);
        return new Domains(List.of(domain), List.of());
    }

    private static Policy policy(String port, Random random, HostileText hostile) {
        var allow = IntStream.range(0, random.nextInt(3))
                .mapToObj(each ->
                        new Network(hostile.text(each == 0 ? "10.1.0.0/" + (16 + random.nextInt(8)) : "fd00::/9")))
                .toList();
        return new Policy(
                List.of(new Policy.Share(1 + random.nextInt(9), random.nextInt(101))),
                Map.of(
                        port,
                        new Policy.Rules(
                                random.nextBoolean(),
                                random.nextInt(10) > 0 ? random.nextInt(600_000) : hostile.number(),
                                new Policy.Limits(
                                        random.nextInt(3), random.nextInt(10) > 0 ? 5 : hostile.number(), 1, 0),
                                allow,
                                random.nextBoolean() ? "" : hostile.text("sip.desk"),
                                random.nextBoolean())));
    }

    private static <T> Optional<T> accepted(Supplier<T> made) {
        try {
            return Optional.of(made.get());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
