package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.balancer.HostAddresses;
import io.switchboard.access.route.Network;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.testing.HostileUpstreams;
import io.switchboard.access.testing.Programs;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
        var upstreams = new HostileUpstreams(seed).accepted(UPSTREAMS);
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
}
