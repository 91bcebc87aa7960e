package io.switchboard.starter.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.switchboard.starter.client.RedirectTests.App;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

@SpringBootTest(
        classes = App.class,
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {"spring.cloud.zookeeper.enabled=false", "spring.application.name=redirect-tests"})
class RedirectTests {

    private static final List<String> ARRIVED = new CopyOnWriteArrayList<>();
    private static final HttpServer ELSEWHERE = serve("");
    private static final HttpServer SERVICE =
            serve("http://127.0.0.1:" + ELSEWHERE.getAddress().getPort() + "/elsewhere");

    /** @param location where it sends its callers; empty for nowhere */
    private static HttpServer serve(String location) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                ARRIVED.add(exchange.getRequestURI().getPath());
                if (!location.isEmpty()) {
                    exchange.getResponseHeaders().set("Location", location);
                }
                exchange.sendResponseHeaders(location.isEmpty() ? 204 : 302, -1);
                exchange.close();
            });
            server.start();
            return server;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @DynamicPropertySource
    static void address(DynamicPropertyRegistry registry) {
        registry.add(
                "spring.http.serviceclient.elsewhere.base-url",
                () -> "http://127.0.0.1:" + SERVICE.getAddress().getPort());
    }

    @Test
    @DisplayName("Apollo #2103: no call follows a redirection, so no token goes along")
    void noCallFollowsARedirection(@Autowired Service service) {
        service.ask();

        assertThat(ARRIVED).containsExactly("/question");
        ELSEWHERE.stop(0);
        SERVICE.stop(0);
    }

    interface Service {
        @GetExchange("/question")
        void ask();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @ImportHttpServices(group = "elsewhere", types = Service.class)
    static class App {}
}
