package io.switchboard.access.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Somebody who uses an instance: names its host, whatever the machine's resolver thinks of it. */
public final class Visitor {

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(30))
            .build();
    private final int balancerPort;

    public Visitor(int balancerPort) {
        this.balancerPort = balancerPort;
    }

    /** @param headers names and values in turn */
    public HttpResponse<String> get(String host, String path, String... headers) {
        try {
            return http.send(request(host, path, headers), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("GET " + path + " at " + host + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public CompletableFuture<HttpResponse<String>> begin(String host, String path) {
        return http.sendAsync(request(host, path), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String host, String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + balancerPort + path))
                .header("Host", host)
                .timeout(Duration.ofSeconds(60));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }
}
