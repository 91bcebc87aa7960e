package io.switchboard.standalone;

import io.switchboard.standalone.embedded.EmbeddedBroker;
import io.switchboard.standalone.embedded.EmbeddedDatabase;
import io.switchboard.standalone.embedded.EtcdProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What each service is told: where the others are, and what only this installation knows. */
final class ServiceArguments {

    static final String DATABASE_PASSWORD = "database-password";
    static final String ETCD_PASSWORD = "etcd-password";
    static final String ETCD_ROOT_PASSWORD = "etcd-root-password";
    static final String OPERATOR_PASSWORD = "operator-password";
    static final String DEMO_PASSWORD = "demo-password";
    private static final String SERVICE_SECRET = "service-secret";
    private static final String OPERATOR_SECRET = "operator-cli-secret";
    private static final String DISCOVERY_SECRET = "discovery-secret";
    private static final String CONSOLE_SECRET = "console-secret";
    private static final String CONFIG_SECRET = "config-master-secret";
    private static final String CONFIG_KEYS = "config-master-keys";

    /** Names in the secrets file. */
    static final String[] SECRETS = {
        DATABASE_PASSWORD,
        ETCD_PASSWORD,
        ETCD_ROOT_PASSWORD,
        OPERATOR_PASSWORD,
        DEMO_PASSWORD,
        SERVICE_SECRET,
        DISCOVERY_SECRET,
        OPERATOR_SECRET,
        CONSOLE_SECRET,
        CONFIG_SECRET,
        CONFIG_KEYS
    };

    private final StandaloneProperties settings;
    private final Secrets secrets;
    private final String jdbcUrl;
    private final boolean etcd;
    private final StandaloneProperties.Ports ports;

    ServiceArguments(StandaloneProperties settings, Secrets secrets, String jdbcUrl, boolean etcd) {
        this.settings = settings;
        this.secrets = secrets;
        this.jdbcUrl = jdbcUrl;
        this.etcd = etcd;
        this.ports = settings.ports();
    }

    List<String> request() {
        var arguments = service(ports.request());
        arguments.putAll(database());
        arguments.putAll(broker());
        arguments.put("request.bootstrap.operator-password", secrets.get(OPERATOR_PASSWORD));
        arguments.put("request.bootstrap.demo-tenant", "demo");
        arguments.put("request.bootstrap.demo-password", secrets.get(DEMO_PASSWORD));
        arguments.put("request.catalog.images.acd", settings.acdImage());
        return lines(arguments);
    }

    List<String> scheduler() {
        var arguments = service(ports.scheduler());
        arguments.putAll(database());
        arguments.putAll(broker());
        arguments.put("scheduler.engine", settings.engine());
        arguments.put("engine.process.directory", directory("engine-process").toString());
        arguments.put("engine.process.ports", ports.tasks());
        arguments.put("engine.process.media-ports", ports.media());
        arguments.put("engine.docker.media-ports", ports.media());
        arguments.put("engine.docker.platform", settings.platform());
        // As for the docker command; the engine's own default is the usual socket.
        Optional.ofNullable(System.getenv("DOCKER_HOST")).ifPresent(host -> arguments.put("engine.docker.host", host));
        arguments.put("engine.docker.registry.address", "127.0.0.1:" + ports.registry());
        // Quick to start and small: half of a task's memory is heap, the rest is what a JVM needs besides. The first
        // task writes the class data archive that the next ones start from.
        var program = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:MaxRAM=${memoryMib}m",
                "-XX:MaxRAMPercentage=50",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + directory("acd.jsa"),
                "-jar",
                settings.acdJar().toAbsolutePath().toString());
        for (int i = 0; i < program.size(); i++) {
            arguments.put("engine.process.programs.[platform/acd][" + i + "]", program.get(i));
        }
        return lines(arguments);
    }

    List<String> access() {
        var arguments = service(ports.access());
        arguments.putAll(broker());
        arguments.put("access.domain", settings.domain());
        arguments.put("access.tcp.ports", ports.tcp());
        if (etcd) {
            arguments.put("access.etcd.endpoints", "http://127.0.0.1:" + ports.etcd());
            arguments.put("access.etcd.username", EtcdProcess.USER);
            arguments.put("access.etcd.password", secrets.get(ETCD_PASSWORD));
            arguments.put("access.haproxy.mode", "managed");
        }
        arguments.put("access.haproxy.directory", directory("haproxy").toString());
        arguments.put("access.haproxy.http-bind", settings.bind() + ":" + ports.balancer());
        arguments.put("access.haproxy.stop-on-close", "true");
        arguments.put("access.kamailio.bind", settings.bind() + ":" + ports.sip());
        arguments.put("access.kamailio.stop-on-close", "true");
        return lines(arguments);
    }

    List<String> config() {
        var arguments = service(ports.config());
        arguments.put("config.zookeeper.connect-string", zookeeper());
        arguments.put("config.access.master-secret", secrets.get(CONFIG_SECRET));
        arguments.put("config.secrets.master-keys", secrets.get(CONFIG_KEYS));
        arguments.put("config.history.url", jdbcUrl);
        arguments.put("config.history.username", EmbeddedDatabase.USER);
        arguments.put("config.history.password", secrets.get(DATABASE_PASSWORD));
        return lines(arguments);
    }

    List<String> image() {
        var arguments = service(ports.image());
        arguments.putAll(database());
        arguments.put("image.token.directory", directory("image-token").toString());
        arguments.put("image.registry.mode", "managed");
        arguments.put("image.registry.directory", directory("registry").toString());
        arguments.put("image.registry.port", Integer.toString(ports.registry()));
        return lines(arguments);
    }

    List<String> identity() {
        var arguments = new LinkedHashMap<String, String>();
        arguments.put("server.address", settings.bind());
        arguments.put("server.port", Integer.toString(ports.identity()));
        arguments.put("identity.issuer", issuer());
        arguments.put("identity.directory", directory("identity").toString());
        arguments.put("identity.request-service", "http://127.0.0.1:" + ports.request());
        arguments.put("identity.console-secret", secrets.get(CONSOLE_SECRET));
        arguments.put("identity.console-redirects[0]", consoleAddress() + "/login/oauth2/code/switchboard");
        arguments.put(
                "identity.console-redirects[1]",
                "http://localhost:" + ports.console() + "/login/oauth2/code/switchboard");
        arguments.put("identity.service-secret", secrets.get(SERVICE_SECRET));
        arguments.put("identity.operator-secret", secrets.get(OPERATOR_SECRET));
        return lines(arguments);
    }

    List<String> console() {
        var arguments = service(ports.console());
        arguments.put("console.oidc.client-id", "console");
        arguments.put("console.oidc.client-secret", secrets.get(CONSOLE_SECRET));
        return lines(arguments);
    }

    private Map<String, String> service(int port) {
        var arguments = new LinkedHashMap<String, String>();
        arguments.put("server.address", settings.bind());
        arguments.put("server.port", Integer.toString(port));
        arguments.put("spring.cloud.zookeeper.connect-string", zookeeper());
        arguments.put("switchboard.discovery.secret", secrets.get(DISCOVERY_SECRET));
        arguments.put("switchboard.security.issuer", issuer());
        arguments.put("switchboard.security.client-id", "service");
        arguments.put("switchboard.security.client-secret", secrets.get(SERVICE_SECRET));
        // All have JMS on their class path here; who is told of a broker looks after it.
        arguments.put("management.health.jms.enabled", "false");
        return arguments;
    }

    private Map<String, String> database() {
        return Map.of(
                "spring.datasource.url",
                jdbcUrl,
                "spring.datasource.username",
                EmbeddedDatabase.USER,
                "spring.datasource.password",
                secrets.get(DATABASE_PASSWORD));
    }

    private static Map<String, String> broker() {
        return Map.of("spring.artemis.broker-url", EmbeddedBroker.URL, "management.health.jms.enabled", "true");
    }

    private Path directory(String name) {
        return settings.directory().resolve("data").resolve(name).toAbsolutePath();
    }

    private String zookeeper() {
        return settings.taskHost() + ":" + ports.zookeeper();
    }

    private String issuer() {
        return "http://127.0.0.1:" + ports.identity();
    }

    private String consoleAddress() {
        return "http://127.0.0.1:" + ports.console();
    }

    private static List<String> lines(Map<String, String> arguments) {
        var lines = new ArrayList<String>();
        arguments.forEach((name, value) -> lines.add("--" + name + "=" + value));
        return lines;
    }
}
