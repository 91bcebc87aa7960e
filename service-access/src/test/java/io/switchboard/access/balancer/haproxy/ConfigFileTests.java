package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.balancer.haproxy.Layout.Server;
import io.switchboard.access.balancer.haproxy.Layout.State;
import io.switchboard.access.route.Network;
import io.switchboard.access.route.PortRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigFileTests {

    private static final Path CASES = Path.of("src/test/resources/render");
    private static final String DASHES = "---\n";

    static Stream<Path> cases() throws IOException {
        return Files.list(CASES).sorted();
    }

    /** Each case: settings and servers, a line of dashes, the file. */
    @ParameterizedTest
    @MethodSource("cases")
    void rendersAsTheCaseSays(Path file) throws IOException {
        var text = Files.readString(file);
        int dashes = text.indexOf(DASHES);

        assertThat(rendered(text.substring(0, dashes))).isEqualTo(text.substring(dashes + DASHES.length()));
    }

    @Test
    void theFingerprintKnowsSettingsButNotWhoHasThePorts() {
        var config = config(new Pool(2, 2, 1), List.of(new PortRange(22_000, 22_009)));

        assertThat(config.with(List.of(new PortRange(22_000, 22_003))).fingerprint())
                .isEqualTo(config.fingerprint());
        assertThat(config.with(new Pool(3, 2, 1)).fingerprint()).isNotEqualTo(config.fingerprint());
    }

    @Test
    void whatItListensOnCanBeReadBack() {
        var ranges = List.of(new PortRange(22_000, 22_003), new PortRange(22_005, 22_009));

        assertThat(ConfigFile.listening(config(new Pool(1, 1, 1), ranges).render(Layout.EMPTY)))
                .isEqualTo(ranges);
    }

    private static ConfigFile config(Pool pool, List<PortRange> listening) {
        return new ConfigFile(
                Path.of("/srv/access"),
                Path.of("/srv/access"),
                "127.0.0.1:8000",
                "",
                "127.0.0.1",
                new PortRange(22_000, 22_009),
                listening,
                pool,
                false,
                List.of());
    }

    private static String rendered(String input) {
        int http = 0;
        int tcp = 0;
        int weighted = 0;
        boolean checks = false;
        var tls = "";
        List<Network> proxies = new ArrayList<>();
        List<PortRange> listening = new ArrayList<>();
        Map<String, Map<String, Server>> backends = new HashMap<>();
        for (String line : input.lines().toList()) {
            var words = line.split(" ");
            switch (words[0]) {
                case "http-backends" -> http = Integer.parseInt(words[1]);
                case "tcp-backends" -> tcp = Integer.parseInt(words[1]);
                case "listening" -> listening.add(PortRange.parse(words[1]));
                case "weighted-backends" -> weighted = Integer.parseInt(words[1]);
                case "proxy" -> proxies.add(new Network(words[1]));
                case "tls" -> tls = words[1];
                case "checks" -> checks = true;
                case "server" ->
                    backends.computeIfAbsent(words[1], name -> new HashMap<>())
                            .put(
                                    words[2],
                                    new Server(
                                            words[3],
                                            Integer.parseInt(words[4]),
                                            State.valueOf(words[5]),
                                            words.length > 6 ? Integer.parseInt(words[6]) : 1));
                default -> throw new IllegalArgumentException("no such line in a case: " + line);
            }
        }
        var config = config(new Pool(http, tcp, weighted), listening);
        return new ConfigFile(
                        config.directory(),
                        config.sockets(),
                        config.httpBind(),
                        tls,
                        config.tcpBind(),
                        config.tcpPorts(),
                        listening,
                        config.pool(),
                        checks,
                        proxies)
                .render(new Layout(backends, Map.of(), Map.of(), Map.of()));
    }
}
