package io.switchboard.starter.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.starter.security.SecurityProperties;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

class ServiceTokenTests {

    private static final int CALLERS = 6;

    /** The issuer's read time-out is 5 s; one after another they would wait six times as long. */
    @Test
    void whoeverWaitsForASilentIssuerWaitsOnce() throws Exception {
        var accepted = new CopyOnWriteArrayList<Socket>();
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!silent.isClosed()) {
                    try {
                        accepted.add(silent.accept());
                    } catch (java.io.IOException e) {
                        return;
                    }
                }
            });
            var security = new SecurityProperties(
                    URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                    "at+jwt",
                    true,
                    SecurityProperties.Outgoing.SERVICE,
                    "service-access",
                    "of this test");
            var client = RestClient.builder()
                    .requestInterceptor(new ServiceToken(security, Clock.systemUTC()))
                    .build();
            List<Throwable> failures = new CopyOnWriteArrayList<>();
            var began = System.nanoTime();
            var callers = new ArrayList<Thread>();
            for (int caller = 0; caller < CALLERS; caller++) {
                callers.add(Thread.ofVirtual().start(() -> {
                    try {
                        client.get().uri("http://127.0.0.1:9/never").retrieve().toBodilessEntity();
                    } catch (RuntimeException e) {
                        failures.add(e);
                    }
                }));
            }
            for (var caller : callers) {
                caller.join();
            }

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));
            assertThat(failures)
                    .hasSize(CALLERS)
                    .allSatisfy(failure -> assertThat(failure).isInstanceOf(RestClientException.class));
            assertThat(accepted).hasSize(1);
        }
    }
}
