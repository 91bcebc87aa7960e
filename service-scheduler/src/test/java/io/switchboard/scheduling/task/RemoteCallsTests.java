package io.switchboard.scheduling.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.image.ImagesApi;
import io.switchboard.engine.PullCredentials.Login;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** What other services answer, over HTTP. */
class RemoteCallsTests {

    private HttpServer server;
    private volatile int status = 200;
    private volatile String answer = "{}";

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aPullGetsTheCredentialOfItsRepository() {
        answer = "{\"registry\":\"127.0.0.1:5000\",\"user\":\"pull/platform/acd\",\"secret\":\"s3cret\"}";
        var credentials = new RegistryPullCredentials(client(ImagesApi.class));

        assertThat(credentials.forRepository("127.0.0.1:5000", "platform/acd"))
                .hasValue(new Login("pull/platform/acd", "s3cret"));
        assertThat(credentials.forRepository("elsewhere:5000", "platform/acd")).isEmpty();
    }

    @Test
    void withoutAnAnswerThePullHasNoLogin() {
        status = 503;

        assertThat(new RegistryPullCredentials(client(ImagesApi.class)).forRepository("127.0.0.1:5000", "platform/acd"))
                .isEmpty();
    }

    @Test
    void tasksGetWhatTheConfigCenterGrants() {
        answer = "{\"environment\":{\"SWITCHBOARD_CONFIG_USER\":\"acme\"}}";

        assertThat(new RemoteConfigAccess(client(ConfigApi.class)).environment("acme", "line", "prod", "sb-1-r1"))
                .containsEntry("SWITCHBOARD_CONFIG_USER", "acme");
    }

    @Test
    void aSilentConfigCenterIsNamedWithoutWhatItSent() {
        var access = new RemoteConfigAccess(client(ConfigApi.class));
        status = 500;
        answer = "{\"detail\":\"s3cret\"}";
        assertThatExceptionOfType(ConfigAccess.ConfigCenterSilent.class)
                .isThrownBy(() -> access.environment("acme", "line", "prod", "sb-1-r1"))
                .withMessage("the config center answered 500");

        server.stop(0);
        assertThatExceptionOfType(ConfigAccess.ConfigCenterSilent.class)
                .isThrownBy(() -> access.environment("acme", "line", "prod", "sb-1-r1"))
                .withMessage("the config center gave no answer");
    }

    private <T> T client(Class<T> api) {
        var client = RestClient.create("http://127.0.0.1:" + server.getAddress().getPort());
        return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
                .customArgumentResolver((argument, parameter, values) -> parameter.getParameterType() == Caller.class)
                .build()
                .createClient(api);
    }
}
