package io.switchboard.standalone.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The issuer, over HTTP, beside a request service that takes one password for everybody. */
final class RunningIssuer implements AutoCloseable {

    static final String RIGHT = "a right password";
    static final String CONSOLE_SECRET = "of the console";
    static final String CONSOLE = "http://127.0.0.1/login/oauth2/code/switchboard";

    final String address;
    /** What the issuer authenticated itself with, one for each time that it asked. */
    final List<String> shown = new CopyOnWriteArrayList<>();

    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final HttpServer requestService;
    private final ConfigurableApplicationContext identity;

    /** @param clock what waits and the issuer's own tokens go by; those of others go by the machine's */
    RunningIssuer(Path directory, Clock clock) throws IOException {
        requestService = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        requestService.createContext("/internal/v1/credentials/verify", exchange -> {
            shown.add(exchange.getRequestHeaders().getFirst("Authorization"));
            var asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var valid = asked.contains(RIGHT);
            var answer = ("{\"valid\":" + valid + ",\"tenant\":\"acme\",\"roles\":[" + (valid ? "\"TENANT\"" : "") + "]"
                            + (asked.contains("sbk-of-kim") ? ",\"user\":\"kim\"" : "") + "}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        requestService.start();
        int port = FreePorts.next();
        address = "http://127.0.0.1:" + port;
        var settings = Map.of(
                "server.port",
                Integer.toString(port),
                "server.address",
                "127.0.0.1",
                "identity.issuer",
                address,
                "identity.directory",
                directory.toString(),
                "identity.request-service",
                "http://127.0.0.1:" + requestService.getAddress().getPort(),
                "identity.console-secret",
                CONSOLE_SECRET,
                "identity.console-redirects[0]",
                CONSOLE,
                "identity.service-secret",
                "of services",
                "identity.operator-secret",
                "of operators");
        identity = IdentityApplication.application()
                .initializers((GenericApplicationContext own) -> own.registerBean("clock", Clock.class, () -> clock))
                .run(settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
    }

    @Override
    public void close() {
        identity.close();
        requestService.stop(0);
    }

    /** A token by client credentials. */
    HttpResponse<String> token(String client, String secret) throws Exception {
        return token(client, secret, Map.of("grant_type", "client_credentials"));
    }

    HttpResponse<String> token(String client, String secret, Map<String, String> grant) throws Exception {
        var basic = Base64.getEncoder()
                .encodeToString((client + ":" + URLEncoder.encode(secret, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8));
        return send(request("/oauth2/token")
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(grant))));
    }

    /** @return where the browser is sent */
    String logIn(String name, String password) throws Exception {
        var field = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"")
                .matcher(get("/login").body());
        assertThat(field.find()).isTrue();
        var answer = send(request("/login")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(
                        form(Map.of("username", name, "password", password, "_csrf", field.group(1))))));
        return answer.headers().firstValue("Location").orElse("");
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
