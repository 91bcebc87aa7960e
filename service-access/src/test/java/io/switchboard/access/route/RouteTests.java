package io.switchboard.access.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class RouteTests {

    private static final JsonMapper JSON = JsonMapper.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a;shutdown sessions",
                "a\nshow env",
                "a\r",
                "a\u0000",
                "a\\",
                "a#b",
                "a:80",
                "A.b",
                "-a",
                "a-",
                ".a",
                "*.a",
                "ä"
            })
    void whatMeansAnythingToABalancerIsNoHost(String hostile) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Route.Host("http", hostile));
        var record = JSON.writeValueAsString(new Stored("host", "http", hostile));
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> JSON.readValue(record, Route.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "chat",
                "/chat/",
                "//chat",
                "/chat//x",
                "/.",
                "/..",
                "/chat/..",
                "/chat/../admin",
                "/./chat",
                "/%63hat",
                "/%2e%2e/x",
                "/chat;a=b",
                "/chat?x",
                "/chat#x",
                "/chat x",
                "/chat\nx",
                "/chat\r",
                "/chat\u0000",
                "/chat\\x",
                "/chat;shutdown sessions",
                "/%[env(HOME)]",
                "/chät",
                "/switchboard",
                "/Switchboard/drain",
                "/1/2/3/4/5/6/7/8/9"
            })
    void whatServersMayReadInOtherWaysIsNoPath(String hostile) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Route.Path("http", "a.b", hostile));
        var record = JSON.writeValueAsString(new StoredPath("path", "http", "a.b", hostile));
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> JSON.readValue(record, Route.class));
    }

    @Test
    void aPathOfWholeSegmentsIsTakenUpToItsBounds() {
        for (var path :
                List.of("/chat", "/chat/v2.1/~me_-", "/.well-known", "/...", "/switchboards", "/" + "x".repeat(199))) {
            assertThat(new Route.Path("http", "a.b", path).place()).isEqualTo("a.b" + path);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Route.Path("http", "a.b", "/" + "x".repeat(200)));
        assertThat(JSON.writeValueAsString(new Route.Path("http", "a.b", "/chat")))
                .isEqualTo("{\"kind\":\"path\",\"port\":\"http\",\"host\":\"a.b\",\"path\":\"/chat\"}");
    }

    /** A record of an earlier version has none. */
    @Test
    void aDomainThatWasStoredWithoutAPathIsTheWholeHost() {
        var stored = """
                {"name": "calls.example", "port": "http", "token": "%s", "claimedAt": "2026-11-24T07:00:00Z"}
                """.formatted("0".repeat(40));

        assertThat(JSON.readValue(stored, Domain.class))
                .isEqualTo(Domain.claimed(
                        "calls.example", "/", "http", "0".repeat(40), Instant.parse("2026-11-24T07:00:00Z")));
    }

    private record StoredPath(String kind, String port, String host, String path) {}

    /** As another program may have written it. */
    private record Stored(String kind, String port, String host) {}

    @Test
    void whateverIsTakenIsOneWordOfHarmlessCharacters() {
        var random = new SplittableRandom(11);
        int taken = 0;
        for (int i = 0; i < 200_000; i++) {
            var text = text(random);
            try {
                var host = new Route.Host("http", text).host();
                assertThat(host).matches("[a-z0-9.-]{1,253}");
                taken++;
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessage("host must be a host name in lower case");
            }
        }
        assertThat(taken).isPositive();
    }

    /** Mostly letters, with anything else in between. */
    private static String text(SplittableRandom random) {
        var text = new StringBuilder();
        for (int length = random.nextInt(1, 12); length > 0; length--) {
            text.append((char) (random.nextInt(8) > 0 ? random.nextInt('a', 'z' + 1) : random.nextInt(0, 300)));
        }
        return text.toString();
    }

    @Test
    void portsAreNumbersOfPortsAndNamesWithoutBlanks() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Route.Port("calls", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Route.Port("calls", 65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> new Route.Port("calls\nx", 8_000));
        assertThatIllegalArgumentException().isThrownBy(() -> new Route.Host("", "a.b"));
        assertThat(new Route.Port("calls", 20_001).number()).isEqualTo(20_001);
        assertThat(new Route.Host("http", "support-line.acme.switchboard.localhost").host())
                .endsWith("localhost");
    }
}
