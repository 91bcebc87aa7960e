package io.switchboard.engine.marathon;

import io.switchboard.engine.Workload;
import io.switchboard.engine.Workload.Health;
import io.switchboard.engine.Workload.Port;
import io.switchboard.engine.marathon.MarathonEngineProperties.AppSettings;
import io.switchboard.engine.marathon.MarathonEngineProperties.LargestTask;
import io.switchboard.engine.marathon.MarathonEngineProperties.Program;
import io.switchboard.engine.marathon.MarathonEngineProperties.Unreachable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Settings and workloads that tests share. */
final class Examples {

    static final AppSettings APP = new AppSettings(
            0,
            null,
            List.of(),
            List.of(),
            "docker",
            "bridge",
            false,
            null,
            List.of(),
            null,
            false,
            1,
            1,
            new Unreachable(Duration.ofMinutes(1), Duration.ofMinutes(10)));

    private Examples() {}

    static MarathonEngineProperties properties(List<URI> urls, Map<String, Program> programs) {
        return properties(urls, programs, APP, null, null, Duration.ofSeconds(15));
    }

    static MarathonEngineProperties properties(List<URI> urls, Map<String, Program> programs, AppSettings app) {
        return properties(urls, programs, app, null, null, Duration.ofSeconds(15));
    }

    /** @param credentials {@code user:password} */
    static MarathonEngineProperties properties(
            List<URI> urls, @Nullable String credentials, @Nullable String token, Duration silence) {
        return properties(urls, Map.of(), APP, credentials, token, silence);
    }

    private static MarathonEngineProperties properties(
            List<URI> urls,
            Map<String, Program> programs,
            AppSettings app,
            @Nullable String credentials,
            @Nullable String token,
            Duration silence) {
        String[] login = credentials == null ? new String[0] : credentials.split(":", 2);
        return new MarathonEngineProperties(
                urls,
                "acme-platform",
                "/switchboard",
                login.length == 2 ? login[0] : null,
                login.length == 2 ? login[1] : null,
                token,
                null,
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                silence,
                new LargestTask(64_000, DataSize.ofGigabytes(256)),
                app,
                programs,
                List.of());
    }

    static Workload shop(String name, int tasks) {
        return new Workload(
                name,
                "registry.example/acme/shop@sha256:" + "1".repeat(64),
                tasks,
                500,
                128,
                List.of(new Port("http", 8080), new Port("sip-tls", 5061), new Port("sip-udp", 5061, true)),
                Map.of("SWITCHBOARD_TENANT", "acme", "SWITCHBOARD_INSTANCE_ID", "0193-7"),
                new Health.Http(
                        "http", "/health", Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30)),
                Duration.ofSeconds(5));
    }
}
